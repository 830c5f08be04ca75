import { NotFound } from '../../common/problem/common.errors.js';
import { firstRow, rows, type Queryable } from '../../database/rows.js';
import type { ChatKind } from './chat.entity.js';

export interface LockedChat {
  readonly id: string;
  readonly kind: ChatKind;
  readonly ownerId: string | null;
  readonly lastSeq: number;
  /** In the order in which they joined. */
  readonly memberIds: readonly string[];
}

/**
 * Locks a chat: until the transaction ends, nobody else sends to it or changes its members. `NO KEY` leaves rows that
 * refer to it alone.
 * @throws NotFound where the user is no member, or there is no such chat
 */
export async function lockChat(tx: Queryable, chatId: string, userId: string): Promise<LockedChat> {
  const chat = await firstRow<Omit<LockedChat, 'memberIds'>>(
    tx,
    `SELECT id, kind, owner_id AS "ownerId", last_seq AS "lastSeq" FROM chats
     WHERE id = $1 AND EXISTS (SELECT FROM chat_members WHERE chat_id = $1 AND user_id = $2)
     FOR NO KEY UPDATE`,
    [chatId, userId],
  );
  if (chat === null) throw new NotFound();
  // A statement of its own: what the one before saw may be older than the lock.
  const memberIds = await membersOf(tx, chatId);
  if (!memberIds.includes(userId)) throw new NotFound();
  return { ...chat, memberIds };
}

/** In the order in which they joined. */
export async function membersOf(db: Queryable, chatId: string): Promise<string[]> {
  const sql = 'SELECT user_id AS "userId" FROM chat_members WHERE chat_id = $1 ORDER BY joined_at, user_id';
  return (await rows<{ userId: string }>(db, sql, [chatId])).map(({ userId }) => userId);
}
