import type { Chat, Trust } from '@sealgate/client';
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { chats, conversationOf, shownChat } from '../state/chats.js';
import type { Conversation } from '../state/conversation.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Avatar } from '../ui/avatar.js';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Composer } from './composer.js';
import { partnerOf, titleOf } from './chat-names.js';
import { MembersDialog } from './members-dialog.js';
import { MessageList } from './message-list.js';
import { TrustMark } from './trust-mark.js';
import { TrustNotices } from './trust-notice.js';
import { useTrust } from './use-trust.js';

/** One chat: who is in it, what was written, and what comes. */
export function ConversationView({ chatId }: { chatId: string }) {
  const chat = useComputed(() => chats.value?.get(chatId));
  const conversation = useMemo(() => conversationOf(chatId), [chatId]);
  const trust = useTrust(chat);
  useEffect(() => {
    shownChat.value = chatId;
    void conversation.refresh();
    return () => void (shownChat.value = null);
  }, [conversation]);
  useReadMarks(conversation, chatId);
  const shown = chat.value;
  const userId = me.value?.user.id;
  if (shown === undefined || userId === undefined) return null;
  return (
    <section class="conversation" aria-label={titleOf(shown)}>
      <Head chat={shown} trust={trust.value} />
      <div class="conversation-notices">
        <TrustNotices chat={shown} trust={trust.value} />
      </div>
      <MessageList chat={shown} conversation={conversation} />
      <Composer userId={userId} chatId={chatId} />
    </section>
  );
}

function Head({ chat, trust }: { chat: Chat; trust: ReadonlyMap<string, Trust> }) {
  const showsMembers = useSignal(false);
  const title = titleOf(chat);
  const partner = partnerOf(chat);
  return (
    <header class="conversation-head">
      <a class="icon-button only-narrow" href="/home" aria-label={t.common.back} title={t.common.back}>
        <Icon name="arrowLeft" />
      </a>
      <Avatar name={title} id={partner?.userId ?? chat.id} isGroup={chat.kind === 'group'} />
      <div class="conversation-title">
        <h1 tabIndex={-1} dir="auto">
          {title}
        </h1>
        <p class="hint">
          {partner === null ? t.chat.membersCount(chat.members.length) : `@${partner.username}`}
        </p>
      </div>
      {partner !== null && (
        <TrustMark trust={trust.get(partner.userId)} href={`/contacts/${partner.userId}?chat=${chat.id}`} />
      )}
      {partner === null && (
        <IconButton icon="users" label={t.chat.members} onClick={() => (showsMembers.value = true)} />
      )}
      {showsMembers.value && (
        <MembersDialog chat={chat} trust={trust} onClose={() => (showsMembers.value = false)} />
      )}
    </header>
  );
}

/** What is on the screen of somebody who looks at it is read. */
function useReadMarks(conversation: Conversation, chatId: string): void {
  const isLooking = useSignal(document.visibilityState === 'visible');
  useEffect(() => {
    const look = (): void => void (isLooking.value = document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  useSignalEffect(() => {
    const own = chats.value?.get(chatId)?.members.find(({ userId }) => userId === me.value?.user.id);
    const newest = conversation.lines.value.findLast(
      (line) => line.kind !== 'missing' && line.kind !== 'deleted' && !line.own,
    );
    if (!isLooking.value || own === undefined || newest === undefined || newest.kind === 'missing') return;
    // A mark that does not arrive is set again with the next message.
    if (newest.seq > own.lastReadSeq) sealgate.messages.markRead(newest.id).catch(() => undefined);
  });
}
