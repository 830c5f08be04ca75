import type { Chat, ChatItem, EventData, QueuedMessage } from '@sealgate/client';
import { computed, signal } from '@preact/signals';
import { Conversation } from './conversation.js';
import { sealgate } from './sealgate.js';
import { me } from './session.js';

/** Every chat of the account; null while they are read for the first time. */
export const chats = signal<ReadonlyMap<string, Chat> | null>(null);
export const chatsError = signal<unknown>(null);
/** The newest message of each chat, as far as it is known. */
export const newest = signal<ReadonlyMap<string, ChatItem>>(new Map());
/** What waits on this device to be sent. */
export const queued = signal<readonly QueuedMessage[]>([]);
/** The chat that is looked at now: what arrives in it is read. */
export const shownChat = signal<string | null>(null);

const conversations = new Map<string, Conversation>();
/** How many chats get a line of preview at once; the others when they are opened or somebody writes. */
const PREVIEWS = 30;

/** The one with the newest message first. */
export const sortedChats = computed(() =>
  [...(chats.value?.values() ?? [])].sort((a, b) => timeOf(b).localeCompare(timeOf(a))),
);
export const unreadTotal = computed(() =>
  sortedChats.value.reduce((sum, { unreadCount }) => sum + unreadCount, 0),
);

function timeOf(chat: Chat): string {
  return newest.value.get(chat.id)?.sentAt ?? chat.createdAt;
}

export function conversationOf(chatId: string): Conversation {
  const known =
    conversations.get(chatId) ?? new Conversation((options) => sealgate.messages.history(chatId, options));
  conversations.set(chatId, known);
  return known;
}

/** Reads the chats anew, and what is open of them. */
export async function loadChats(): Promise<void> {
  chatsError.value = null;
  try {
    const all = await sealgate.chats.list().toArray();
    chats.value = new Map(all.map((chat) => [chat.id, chat]));
    queued.value = await sealgate.outbox.list();
    await Promise.all([...conversations.values()].map((conversation) => conversation.refresh()));
    await loadPreviews(all);
  } catch (error) {
    chatsError.value = error;
  }
}

async function loadPreviews(all: readonly Chat[]): Promise<void> {
  const unknown = all.filter(({ id, lastSeq }) => lastSeq > (newest.peek().get(id)?.seq ?? 0));
  for (const { id } of unknown.slice(0, PREVIEWS)) {
    const { items } = await sealgate.messages.history(id, { limit: 1 });
    for (const item of items) if (item.kind !== 'missing') remember(item);
  }
}

function remember(item: ChatItem): void {
  if ((newest.peek().get(item.chatId)?.seq ?? 0) > item.seq) return;
  newest.value = new Map(newest.peek()).set(item.chatId, item);
}

/** A message arrived, or became a tombstone. */
export function takeMessage(item: ChatItem): void {
  conversations.get(item.chatId)?.take(item);
  queued.value = queued.peek().filter(({ id }) => id !== item.id);
  remember(item);
  const chat = chats.peek()?.get(item.chatId);
  if (chat === undefined) return void takeNewChat(item.chatId);
  const isNews = !item.own && item.kind !== 'deleted' && item.seq > chat.lastSeq;
  putChat({
    ...chat,
    lastSeq: Math.max(chat.lastSeq, item.seq),
    unreadCount: chat.unreadCount + (isNews ? 1 : 0),
  });
}

async function takeNewChat(chatId: string): Promise<void> {
  putChat(await sealgate.chats.get(chatId).catch(() => null));
}

export function putChat(chat: Chat | null): void {
  if (chat !== null) chats.value = new Map(chats.peek()).set(chat.id, chat);
}

export function takeChat(chat: EventData['chat']): void {
  if (!('left' in chat)) return putChat(chat);
  const left = new Map(chats.peek());
  left.delete(chat.id);
  chats.value = left;
  conversations.delete(chat.id);
}

/** Somebody has read up to there; the own marks come from other devices and tabs too. */
export function takeRead({ chatId, userId, lastReadSeq }: EventData['read']): void {
  const chat = chats.peek()?.get(chatId);
  if (chat === undefined) return;
  const isOwn = userId === me.peek()?.user.id;
  putChat({
    ...chat,
    unreadCount: isOwn ? unreadAfter(chat, lastReadSeq) : chat.unreadCount,
    members: chat.members.map((member) => (member.userId === userId ? { ...member, lastReadSeq } : member)),
  });
}

function unreadAfter(chat: Chat, lastReadSeq: number): number {
  return Math.min(chat.unreadCount, Math.max(0, chat.lastSeq - lastReadSeq));
}

/** The queue of this device has changed. */
export function takeOutbox(event: EventData['outbox']): void {
  const { message, state } = event;
  const others = queued.peek().filter(({ id }) => id !== message.id);
  const isThere = state === 'sent' || state === 'discarded';
  queued.value = isThere ? others : [...others, message].sort((a, b) => a.id.localeCompare(b.id));
  if (state === 'sent') takeSent(message, event.sent);
}

/** Shown as sent before the stream brings it back: they are the same message by their id. */
function takeSent(
  { id, chatId, text, queuedAt }: QueuedMessage,
  { seq, sentAt }: { seq: number; sentAt: string },
): void {
  const senderId = me.peek()?.user.id ?? '';
  takeMessage({
    kind: 'message', id, chatId, seq, senderId, sentAt, own: true, text,
    body: { type: 'text', text }, claimedSentAt: queuedAt, warning: null,
  }); // prettier-ignore
}

/** Everything of the account that has signed out. */
export function forgetChats(): void {
  chats.value = null;
  newest.value = new Map();
  queued.value = [];
  conversations.clear();
}
