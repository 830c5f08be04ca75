import type { Envelope, MessageBody, OpenReason } from '@sealgate/protocol';

/** One member of a chat. The member reads messages with a `seq` greater than `joinedSeq`. */
export interface ChatMember {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly joinedAt: string;
  readonly joinedSeq: number;
  readonly lastReadSeq: number;
  readonly keyVersion: number;
  readonly kid: string;
}

/** A chat of the own account. */
export interface Chat {
  readonly id: string;
  readonly kind: 'direct' | 'group';
  readonly title: string | null;
  readonly ownerId: string | null;
  readonly createdAt: string;
  readonly lastSeq: number;
  readonly unreadCount: number;
  readonly members: readonly ChatMember[];
}

/** A message as the server gives it to one reader. */
export interface MessageRow {
  readonly id: string;
  readonly chatId: string;
  readonly seq: number;
  readonly senderId: string;
  readonly sentAt: string;
  readonly deletedAt: string | null;
  readonly envelope: Envelope | null;
  readonly recipientCount: number;
}

/** What every place in a chat has. */
interface Placed {
  readonly id: string;
  readonly chatId: string;
  readonly seq: number;
  readonly senderId: string;
  /** RFC 3339, by the server's clock. */
  readonly sentAt: string;
  readonly own: boolean;
}

/** A message that was opened: authentic, by its sender. */
export interface OpenedItem extends Placed {
  readonly kind: 'message';
  readonly body: MessageBody;
  readonly text: string;
  /** RFC 3339, by the sender's clock, signed. */
  readonly claimedSentAt: string;
  /** It is authentic, but does not fit the messages before it: the server is at fault. Show both. */
  readonly warning: 'replayed' | 'inconsistent' | 'gap' | null;
}

/** Why a message cannot be shown: a check of the protocol, or the sender's keys could not be verified. */
export type UnopenedReason = OpenReason | 'unverified-sender-keys';

/** A message that was not opened, and why. `key-lost`: a backup may hold the key. */
export interface UnopenedItem extends Placed {
  readonly kind: 'unopened';
  readonly reason: UnopenedReason;
}

/** Taken back by its sender, as the server says. */
export interface DeletedItem extends Placed {
  readonly kind: 'deleted';
  readonly deletedAt: string;
}

/** Places of the chat that the server left out, both ends included. */
export interface MissingItem {
  readonly kind: 'missing';
  readonly chatId: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly reason: 'gap';
}

/** What stands at one place of a chat. Nothing is ever dropped. */
export type ChatItem = OpenedItem | UnopenedItem | DeletedItem;

/** One page of a chat, the oldest first. */
export interface HistoryPage {
  readonly items: readonly (ChatItem | MissingItem)[];
  /** Ask for what is before this; null at the beginning. */
  readonly before: number | null;
  /** Ask for what is after this; null where nothing is newer. */
  readonly after: number | null;
}

/** The server has it: it survives a power cut. */
export interface SentMessage {
  readonly id: string;
  readonly chatId: string;
  readonly seq: number;
  readonly sentAt: string;
}

/** A message that waits on this device until it can be sent. */
export interface QueuedMessage {
  readonly id: string;
  readonly chatId: string;
  readonly text: string;
  readonly queuedAt: string;
  readonly state: 'waiting' | 'sending' | 'failed';
  /** Why it failed: the error's code. */
  readonly code: string | null;
}

/** Chats and who is in them. */
export interface ChatsApi {
  list(): import('../http/paged.js').Paged<Chat>;
  get(chatId: string): Promise<Chat>;
  /** The direct chat with this person; made where it is not there yet. @throws SealgateError `user_without_keys` */
  direct(userId: string): Promise<Chat>;
  /** A new group. @throws SealgateError `user_without_keys` with `members.userIds` */
  group(title: string, memberIds: readonly string[]): Promise<Chat>;
  addMember(chatId: string, userId: string): Promise<void>;
  removeMember(chatId: string, userId: string): Promise<void>;
  leave(chatId: string): Promise<void>;
}

/** Sealing, sending, opening. */
export interface MessagesApi {
  /**
   * Seals and sends. Repeats with the same id after faults of the network, so that it arrives once; seals anew when a
   * member's keys or the members have changed.
   *
   * @throws SealgateError `keys_missing`, `keys_locked`, `contact_keys_changed`, `key_log_alarm`, `key_log_conflict`,
   *   `network`, and the server's
   */
  send(chatId: string, text: string, options?: { readonly id?: string }): Promise<SentMessage>;
  /** A page of the chat: the newest, or what is `before` or `after` a `seq`. */
  history(
    chatId: string,
    range?: { readonly before?: number; readonly after?: number; readonly limit?: number },
  ): Promise<HistoryPage>;
  /** What others have sent to this account over all chats since the cursor; go on with `cursor`. */
  receive(cursor?: string): Promise<{ readonly items: readonly ChatItem[]; readonly cursor: string }>;
  /** Opens one message as the server gave it. */
  open(row: MessageRow): Promise<ChatItem>;
  /** Marks it and all before it in its chat as read. */
  markRead(messageId: string): Promise<void>;
  /** Takes an own message back; a tombstone stays. */
  delete(messageId: string): Promise<void>;
}

/** Messages that are sent later, in their order, also after a restart. Each change is an `outbox` event. */
export interface OutboxApi {
  /** Keeps the message, encrypted, and sends it as soon as it can. */
  add(chatId: string, text: string): Promise<QueuedMessage>;
  list(chatId?: string): Promise<readonly QueuedMessage[]>;
  /** Sends what waits; happens by itself after `add`, on `online`, and when the stream of events is back. */
  flush(): Promise<void>;
  /** Tries a failed one again. */
  retry(id: string): Promise<void>;
  /** Takes it out, unsent. */
  discard(id: string): Promise<void>;
}
