import { rows } from '../../database/rows.js';
import type { ChatChange } from '../events/chat-change.js';

/** Messages of one sender in one locked chat. */
export interface Doomed {
  readonly chatId: string;
  readonly senderId: string;
  readonly seqs: readonly number[];
}

/**
 * Turns messages into tombstones: what was sealed is gone from the rows, their places stay. Those who are deleted
 * already are left alone.
 * @param memberIds who is told.
 */
export async function bury(change: ChatChange, doomed: Doomed, memberIds: readonly string[]): Promise<void> {
  const { tx, at } = change;
  const { chatId, senderId } = doomed;
  const alive = await rows<{ seq: number }>(
    tx,
    `SELECT seq FROM messages WHERE chat_id = $1 AND seq = ANY($2::bigint[]) AND deleted_at IS NULL ORDER BY seq`,
    [chatId, doomed.seqs],
  );
  if (alive.length === 0) return;
  const seqs = alive.map(({ seq }) => seq);
  await tellOfTombstones(change, { chatId, senderId, seqs }, memberIds);
  await tx.query(
    `UPDATE messages SET deleted_at = $3, sealed = NULL, recipients = '{}'
     WHERE chat_id = $1 AND seq = ANY($2::bigint[])`,
    [chatId, seqs, at],
  );
  // They no longer count as unread; the sender's own never did.
  await tx.query(
    `UPDATE chat_members member SET exempt_count = exempt_count + unread.count
     FROM (
       SELECT m.user_id, count(*) AS count
       FROM chat_members m JOIN unnest($2::bigint[]) AS gone (seq) ON gone.seq > m.last_read_seq
       WHERE m.chat_id = $1 AND m.user_id <> $3 GROUP BY m.user_id
     ) AS unread
     WHERE member.chat_id = $1 AND member.user_id = unread.user_id`,
    [chatId, seqs, senderId],
  );
}

/** Each event says where the message stood before, so that `receive` gives nobody the same tombstone twice. */
async function tellOfTombstones(
  change: ChatChange,
  { chatId, senderId, seqs }: Doomed,
  memberIds: readonly string[],
): Promise<void> {
  const positions = await change.reserve(memberIds, seqs.length);
  await change.tx.query(
    `INSERT INTO user_events
       (user_id, position, kind, chat_id, number, actor_id, first_position, created_at)
     SELECT told.user_id, told.position - $4::int + gone.place, 'tombstone', $1, gone.seq, $5,
            (gone.recipients -> told.user_id::text ->> 'position')::bigint, $6
     FROM unnest($2::uuid[], $3::bigint[]) AS told (user_id, position)
     CROSS JOIN (
       SELECT seq, recipients, row_number() OVER (ORDER BY seq) AS place
       FROM messages WHERE chat_id = $1 AND seq = ANY($7::bigint[])
     ) AS gone`,
    [chatId, [...positions.keys()], [...positions.values()], seqs.length, senderId, change.at, seqs],
  );
}
