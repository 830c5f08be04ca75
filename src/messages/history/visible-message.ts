import { NotFound } from '../../common/problem/common.errors.js';
import { firstRow, type Queryable } from '../../database/rows.js';

/** Where a message stands. */
export interface VisibleMessage {
  readonly chatId: string;
  readonly seq: number;
  readonly senderId: string;
}

/** @throws NotFound where there is no such message, or the user may not read it. */
export async function findVisible(db: Queryable, messageId: string, userId: string): Promise<VisibleMessage> {
  const found = await firstRow<VisibleMessage>(
    db,
    `SELECT i.chat_id AS "chatId", i.seq, i.sender_id AS "senderId"
     FROM message_ids i JOIN chat_members own ON own.chat_id = i.chat_id AND own.user_id = $2
     WHERE i.id = $1 AND i.seq > own.joined_seq`,
    [messageId, userId],
  );
  if (found === null) throw new NotFound();
  return found;
}
