import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ChatList } from '../chats/chat-list.js';
import { ConversationView } from '../chats/conversation-view.js';
import { NewChatDialog } from '../chats/new-chat-dialog.js';
import { t } from '../i18n/catalogue.js';
import { AlarmNotices } from '../keys/alarm-notice.js';
import { CodeDialog } from '../keys/code-dialog.js';
import { KeySetup } from '../keys/key-setup.js';
import { LockedKeys } from '../keys/locked-keys.js';
import { ProofDialog } from '../account/proof-dialog.js';
import { chats, chatsError, loadChats, sortedChats, unreadTotal } from '../state/chats.js';
import { connection } from '../state/live.js';
import { keyError, keyStatus, loadKeyStatus } from '../state/own-keys.js';
import type { PageProps } from '../state/routes.js';
import { signOut } from '../state/session.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Logo } from '../ui/logo.js';
import { ErrorNotice, Notice } from '../ui/notice.js';

/** Sealed post: the chats at the side, one of them open. */
export function Page({ id }: PageProps) {
  const isSettingUp = useSignal(false);
  const state = keyStatus.value?.state;
  useEffect(() => {
    if (state === 'missing') isSettingUp.value = true;
  }, [state]);
  useTitle();
  if (keyError.value !== null) return <NoKeyStatus />;
  if (isSettingUp.value) return <Panel content={<KeySetup onDone={() => (isSettingUp.value = false)} />} />;
  if (state === 'locked') return <Panel content={<LockedKeys onDone={() => void loadKeyStatus()} />} />;
  if (state === undefined) return <div class="waiting" role="status" aria-label={t.common.loading} />;
  return (
    <div class={id === null ? 'home at-list' : 'home at-chat'}>
      <Sidebar shown={id} />
      <main class="stage" id="main">
        {id === null && (
          <h1 class="visually-hidden" tabIndex={-1}>
            {t.home.title}
          </h1>
        )}
        <Warnings />
        {id === null ? <Nothing /> : <OpenChat id={id} />}
      </main>
      <ProofDialog />
    </div>
  );
}

/** The number of unread messages stands in the tab. */
function useTitle(): void {
  const unread = unreadTotal.value;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Sealgate` : 'Sealgate';
  });
}

function OpenChat({ id }: { id: string }) {
  if (chats.value === null) return <div class="waiting" role="status" aria-label={t.common.loading} />;
  if (!chats.value.has(id)) return <Nothing isGone />;
  return <ConversationView key={id} chatId={id} />;
}

function Sidebar({ shown }: { shown: string | null }) {
  const isMaking = useSignal(false);
  return (
    <nav class="sidebar" aria-label={t.home.title}>
      <header class="sidebar-head">
        <a class="brand-link" href="/home">
          <Logo />
          <span>Sealgate</span>
        </a>
        <span class="row tight">
          <IconButton icon="plus" label={t.home.newChat} onClick={() => (isMaking.value = true)} />
          <a class="icon-button" href="/settings" aria-label={t.home.settings} title={t.home.settings}>
            <Icon name="settings" />
          </a>
          <IconButton icon="signOut" label={t.common.signOut} onClick={() => void signOut()} />
        </span>
      </header>
      {chatsError.value !== null && chats.value === null && (
        <div class="stack pad">
          <ErrorNotice error={chatsError.value} />
          <Button onClick={() => void loadChats()}>{t.common.tryAgain}</Button>
        </div>
      )}
      {chats.value !== null && sortedChats.value.length === 0 && (
        <div class="empty pad">
          <h2>{t.home.empty}</h2>
          <p class="hint">{t.home.emptyLead}</p>
          <Button look="primary" icon="plus" onClick={() => (isMaking.value = true)}>
            {t.home.newChat}
          </Button>
        </div>
      )}
      <ChatList shown={shown} />
      {isMaking.value && <NewChatDialog onClose={() => (isMaking.value = false)} />}
    </nav>
  );
}

/** What concerns every chat. */
function Warnings() {
  const showsCode = useSignal(false);
  return (
    <div class="stage-notices">
      <AlarmNotices />
      {connection.value === 'waiting' && <Notice tone="warning">{t.home.offline}</Notice>}
      {keyStatus.value?.hasUnconfirmedCode === true && (
        <div class="code-waiting">
          <Notice tone="warning">
            <p>
              {t.home.codeWaiting}{' '}
              <button type="button" class="link" onClick={() => (showsCode.value = true)}>
                {t.home.showCode}
              </button>
            </p>
          </Notice>
        </div>
      )}
      {showsCode.value && <CodeDialog onClose={() => (showsCode.value = false)} />}
    </div>
  );
}

function Nothing({ isGone = false }: { isGone?: boolean }) {
  return (
    <div class="nothing">
      <Icon name="lock" />
      <p>{isGone ? t.errors.not_found : t.home.pick}</p>
    </div>
  );
}

function Panel({ content }: { content: ComponentChildren }) {
  return (
    <div class="auth-page">
      <header class="brand">
        <a class="brand-link" href="/home">
          <Logo />
          <span>Sealgate</span>
        </a>
      </header>
      {content}
      <footer class="page-footer">
        <Button look="quiet" onClick={() => void signOut()}>
          {t.common.signOut}
        </Button>
        <a href="/settings">{t.home.settings}</a>
      </footer>
      <ProofDialog />
    </div>
  );
}

function NoKeyStatus() {
  return (
    <Panel
      content={
        <main class="card" id="main">
          <h1 tabIndex={-1}>{t.unreachable.title}</h1>
          <ErrorNotice error={keyError.value} />
          <Button look="primary" onClick={() => void loadKeyStatus()}>
            {t.common.tryAgain}
          </Button>
        </main>
      }
    />
  );
}
