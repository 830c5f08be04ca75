import type { Chat } from '@sealgate/client';
import { formatWhen } from '../i18n/format.js';
import { t } from '../i18n/catalogue.js';
import { newest, sortedChats } from '../state/chats.js';
import { Avatar } from '../ui/avatar.js';
import { partnerOf, previewOf, titleOf } from './chat-names.js';

/** Every chat, the liveliest first. */
export function ChatList({ shown }: { shown: string | null }) {
  return (
    <ul class="chat-list">
      {sortedChats.value.map((chat) => (
        <ChatEntry key={chat.id} chat={chat} isShown={chat.id === shown} />
      ))}
    </ul>
  );
}

function ChatEntry({ chat, isShown }: { chat: Chat; isShown: boolean }) {
  const title = titleOf(chat);
  const last = newest.value.get(chat.id);
  return (
    <li>
      <a class="chat-entry" href={`/home/${chat.id}`} aria-current={isShown ? 'page' : undefined}>
        <Avatar name={title} id={partnerOf(chat)?.userId ?? chat.id} isGroup={chat.kind === 'group'} />
        <span class="chat-entry-text">
          <span class="chat-entry-line">
            <span class="chat-entry-title" dir="auto">
              {title}
            </span>
            {last !== undefined && <time dateTime={last.sentAt}>{formatWhen(last.sentAt)}</time>}
          </span>
          <span class="chat-entry-line">
            <span class="chat-entry-preview" dir="auto">
              {previewOf(chat, last)}
            </span>
            {chat.unreadCount > 0 && (
              <span class="badge">
                <span aria-hidden="true">{chat.unreadCount}</span>
                <span class="visually-hidden">{t.home.unread(chat.unreadCount)}</span>
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  );
}
