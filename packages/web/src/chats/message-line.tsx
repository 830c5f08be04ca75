import type { Chat, ChatItem, MissingItem, OpenedItem, UnopenedItem } from '@sealgate/client';
import { formatClock, formatFull, formatList } from '../i18n/format.js';
import { t } from '../i18n/catalogue.js';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { nameIn, othersIn } from './chat-names.js';

interface LineProps {
  readonly chat: Chat;
  /** Whether the one before is by the same person, so that the name need not stand there again. */
  readonly isContinued: boolean;
  readonly onDelete: (item: ChatItem) => void;
}

/** One message, whatever became of it. */
export function MessageLine({ item, chat, isContinued, onDelete }: LineProps & { item: ChatItem }) {
  const showsName = chat.kind === 'group' && !item.own && !isContinued;
  return (
    <li
      class={`message ${item.own ? 'own' : 'other'} ${isContinued ? 'continued' : ''}`}
      data-kind={item.kind}
    >
      <div class="bubble">
        <span class={showsName ? 'sender' : 'visually-hidden'} dir="auto">
          {nameIn(chat, item.senderId)}
        </span>
        <Content item={item} />
        <span class="meta">
          <time dateTime={item.sentAt} title={formatFull(item.sentAt)}>
            {formatClock(item.sentAt)}
          </time>
          {item.own && item.kind === 'message' && <ReadMark chat={chat} seq={item.seq} />}
        </span>
      </div>
      {item.own && item.kind === 'message' && (
        <IconButton icon="trash" label={t.chat.delete} onClick={() => onDelete(item)} />
      )}
    </li>
  );
}

function Content({ item }: { item: ChatItem }) {
  switch (item.kind) {
    case 'message':
      return <Opened item={item} />;
    case 'unopened':
      return <Unopened item={item} />;
    case 'deleted':
      return <p class="gone">{t.chat.deleted}</p>;
  }
}

/** Text and nothing else: whatever markup it holds is shown as it was typed. */
function Opened({ item }: { item: OpenedItem }) {
  return (
    <>
      <p class="text" dir="auto">
        {item.text}
      </p>
      {item.warning !== null && (
        <p class="warning">
          <Icon name="alert" />
          <span>{t.chat.warnings[item.warning]}</span>
        </p>
      )}
    </>
  );
}

/** Why it stays closed, and the way out where there is one. */
function Unopened({ item }: { item: UnopenedItem }) {
  const isOurs = item.reason === 'key-lost' || item.reason === 'not-for-this-key';
  const isTheirs = ['unknown-sender-key', 'bad-signature', 'unverified-sender-keys'].includes(item.reason);
  return (
    <div class="closed">
      <p>
        <Icon name="lock" />
        <span>{t.chat.reasons[item.reason]}</span>
      </p>
      {isOurs && <a href="/settings/keys">{t.chat.restoreKeys}</a>}
      {isTheirs && !item.own && <a href={`/contacts/${item.senderId}`}>{t.chat.compare}</a>}
    </div>
  );
}

/** Places that the server left out. */
export function MissingLine({ item, onReload }: { item: MissingItem; onReload: () => void }) {
  return (
    <li class="missing" data-kind="missing">
      <p>
        <Icon name="alert" />
        <span>
          <strong>{t.chat.missing(item.toSeq - item.fromSeq + 1)}.</strong> {t.chat.missingWhy}
        </span>
      </p>
      <button type="button" class="link" onClick={onReload}>
        {t.chat.reload}
      </button>
    </li>
  );
}

/** One tick: the server has it. Two: somebody has read it, and in a group everybody who has. */
function ReadMark({ chat, seq }: { chat: Chat; seq: number }) {
  const readers = othersIn(chat).filter(({ lastReadSeq }) => lastReadSeq >= seq);
  const names = formatList(readers.map(({ displayName }) => displayName));
  const label =
    readers.length === 0 ? t.chat.sent : chat.kind === 'direct' ? t.chat.read : t.chat.readBy(names);
  return (
    <span class={readers.length > 0 ? 'mark read' : 'mark'} title={label}>
      <Icon name={readers.length > 0 ? 'checks' : 'check'} />
      <span class="visually-hidden">{label}</span>
    </span>
  );
}
