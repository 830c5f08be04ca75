import { Injectable } from '@nestjs/common';
import { Forbidden, NotFound } from '../../common/problem/common.errors.js';
import type { ChatChange } from '../events/chat-change.js';
import { ChatChanges } from '../events/chat-changes.service.js';
import { ChatFull, DirectChat } from '../messages.errors.js';
import { insertMembers, MAX_MEMBERS } from './chats.service.js';
import { lockChat, type LockedChat } from './locked-chat.js';
import { People } from './people.service.js';

/** Who is in a group. Any member adds; the owner removes others; everyone may leave. */
@Injectable()
export class MembersService {
  constructor(
    private readonly changes: ChatChanges,
    private readonly people: People,
  ) {}

  /**
   * Idempotent. The new member reads what is sent from now on.
   * @throws NotFound, DirectChat, ChatFull, Blocked, UserWithoutKeys
   */
  async add(chatId: string, actorId: string, userId: string): Promise<void> {
    await this.changes.run(chatId, async (change) => {
      const chat = await lockChat(change.tx, chatId, actorId);
      if (chat.kind === 'direct') throw new DirectChat();
      if (chat.memberIds.includes(userId)) return;
      await this.people.hold(change.tx, actorId, [userId]);
      if (chat.memberIds.length >= MAX_MEMBERS) throw new ChatFull();
      await change.tell([...chat.memberIds, userId], { kind: 'chat', chatId });
      await insertMembers(change, chatId, [userId], chat.lastSeq);
    });
  }

  /**
   * Takes oneself or, as the owner, another out of a group.
   * @throws NotFound, DirectChat, Forbidden
   */
  async remove(chatId: string, actorId: string, userId: string): Promise<void> {
    await this.changes.run(chatId, async (change) => {
      const chat = await lockChat(change.tx, chatId, actorId);
      if (chat.kind === 'direct') throw new DirectChat();
      if (actorId !== userId && chat.ownerId !== actorId) throw new Forbidden();
      if (!chat.memberIds.includes(userId)) throw new NotFound();
      await removeMember(change, chat, userId);
    });
  }
}

/**
 * Ends a membership in a locked chat. An owner's place goes to whoever has been in the chat longest; a chat that
 * nobody is left in is closed.
 */
export async function removeMember(change: ChatChange, chat: LockedChat, userId: string): Promise<void> {
  const { tx } = change;
  await change.tell(chat.memberIds, { kind: 'chat', chatId: chat.id });
  await tx.query('DELETE FROM chat_members WHERE chat_id = $1 AND user_id = $2', [chat.id, userId]);
  const [longest = null] = chat.memberIds.filter((id) => id !== userId);
  if (longest === null)
    await tx.query('UPDATE chats SET closed_at = $2, owner_id = NULL WHERE id = $1', [chat.id, change.at]);
  else if (chat.ownerId === userId)
    await tx.query('UPDATE chats SET owner_id = $2 WHERE id = $1', [chat.id, longest]);
}
