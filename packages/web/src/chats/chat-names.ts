import type { Chat, ChatItem, ChatMember } from '@sealgate/client';
import { formatList } from '../i18n/format.js';
import { t } from '../i18n/catalogue.js';
import { me } from '../state/session.js';

/** Everybody but oneself. */
export function othersIn(chat: Chat): readonly ChatMember[] {
  return chat.members.filter(({ userId }) => userId !== me.value?.user.id);
}

/** The other one of a direct chat. */
export function partnerOf(chat: Chat): ChatMember | null {
  return chat.kind === 'direct' ? (othersIn(chat)[0] ?? null) : null;
}

export function titleOf(chat: Chat): string {
  if (chat.title !== null && chat.title !== '') return chat.title;
  const names = othersIn(chat).map(({ displayName }) => displayName);
  return names.length === 0 ? t.chat.justYou : formatList(names);
}

/** Who left is known by nothing but an id. */
export function nameIn(chat: Chat | undefined, userId: string): string {
  if (userId === me.value?.user.id) return t.common.you;
  return chat?.members.find((member) => member.userId === userId)?.displayName ?? t.chat.formerMember;
}

/** One line for the list. */
export function previewOf(chat: Chat, item: ChatItem | undefined): string {
  if (item === undefined) return chat.lastSeq === 0 ? t.chat.empty : '';
  if (item.kind === 'deleted') return t.chat.deleted;
  if (item.kind === 'unopened') return t.chat.unopened;
  if (item.own) return `${t.common.you}: ${item.text}`;
  return chat.kind === 'group' ? `${nameIn(chat, item.senderId)}: ${item.text}` : item.text;
}
