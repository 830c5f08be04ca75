import type { ParsedEnvelope } from '@sealgate/protocol';
import { NotFound } from '../../common/problem/common.errors.js';
import { firstRow, prepared, type Queryable } from '../../database/rows.js';
import type { ChatChange } from '../events/chat-change.js';
import { sealedPart } from './core/check-envelope.js';
import type { StoredRecipient } from './message.entity.js';

/** A message on its way in, its envelope checked. */
export interface Draft {
  readonly id: string;
  readonly chatId: string;
  readonly senderId: string;
  readonly envelope: ParsedEnvelope;
  readonly digest: Buffer;
}

/** What was found under the chat's lock. */
export interface Admission {
  readonly isMember: boolean;
  /** What the id names already. */
  readonly known: { readonly isSame: boolean; readonly seq: number; readonly sentAt: Date } | null;
  /** The members, and the place that the message takes in the order of each. */
  readonly positions: ReadonlyMap<string, number>;
}

/** A chat whose turn it is. */
export interface Turn {
  readonly lastSeq: number;
  /** A direct chat between two of whom one has blocked the other. */
  readonly isBlocked: boolean;
}

/**
 * Locks the chat, which gives the message its turn.
 * @throws NotFound where the sender is no member; a member that is just leaving is found out by {@link admit}
 */
export async function lockForSending(tx: Queryable, { chatId, senderId }: Draft): Promise<Turn> {
  const chat = await firstRow<Turn>(tx, LOCK, [chatId, senderId]);
  if (chat === null) throw new NotFound();
  return chat;
}

/**
 * Under the chat's lock: is the sender (still) a member, is the id new; and if both, takes the members' next positions,
 * in the order that `ChatChange.reserve` keeps. One statement, as this is the busiest path.
 */
export async function admit(change: ChatChange, draft: Draft): Promise<Admission> {
  const found = await firstRow<{
    isMember: boolean;
    isSame: boolean | null;
    seq: number | null;
    sentAt: Date | null;
    positions: Record<string, number> | null;
  }>(change.tx, ADMIT, [draft.chatId, draft.senderId, draft.id, draft.digest]);
  const { isMember = false, isSame = null, seq, sentAt, positions } = found ?? {};
  const members = new Map(Object.entries(positions ?? {}));
  for (const userId of members.keys()) change.told.add(userId);
  const known = isSame === null ? null : { isSame, seq: seq ?? 0, sentAt: sentAt ?? change.at };
  return { isMember, known, positions: members };
}

/** @returns false where the id was taken meanwhile: the transaction must be undone. */
export async function insertMessage(
  { tx, at }: ChatChange,
  { id, chatId, senderId, envelope, digest }: Draft,
  place: {
    seq: number;
    positions: ReadonlyMap<string, number>;
    recipients: Record<string, StoredRecipient>;
  },
): Promise<boolean> {
  const inserted = await firstRow(tx, INSERT, [
    chatId,
    place.seq,
    id,
    senderId,
    at,
    sealedPart(envelope),
    JSON.stringify(place.recipients),
    envelope.kids.length,
    [...place.positions.keys()],
    [...place.positions.values()],
    digest,
  ]);
  return inserted !== null;
}

const LOCK = prepared(
  'lock-for-sending',
  `SELECT last_seq AS "lastSeq", kind = 'direct' AND EXISTS (
     SELECT FROM chat_members other JOIN blocks
       ON (blocker_id = other.user_id AND blocked_id = $2) OR (blocker_id = $2 AND blocked_id = other.user_id)
     WHERE other.chat_id = $1 AND other.user_id <> $2
   ) AS "isBlocked" FROM chats
   WHERE id = $1 AND EXISTS (SELECT FROM chat_members WHERE chat_id = $1 AND user_id = $2)
   FOR NO KEY UPDATE`,
);

const ADMIT = prepared(
  'admit-message',
  `WITH members AS (
     SELECT user_id FROM chat_members WHERE chat_id = $1
   ), known AS (
     SELECT i.chat_id = $1 AND i.sender_id = $2 AND i.digest = $4 AS is_same, i.seq, m.sent_at
     FROM message_ids i LEFT JOIN messages m ON m.chat_id = i.chat_id AND m.seq = i.seq WHERE i.id = $3
   ), heads AS (
     INSERT INTO user_event_heads (user_id, position)
     SELECT user_id, 1 FROM members
     WHERE NOT EXISTS (SELECT FROM known) AND EXISTS (SELECT FROM members WHERE user_id = $2)
     ORDER BY user_id
     ON CONFLICT (user_id) DO UPDATE SET position = user_event_heads.position + 1
     RETURNING user_id, position
   )
   SELECT EXISTS (SELECT FROM members WHERE user_id = $2) AS "isMember",
          known.is_same AS "isSame", known.seq, known.sent_at AS "sentAt",
          (SELECT json_object_agg(user_id, position) FROM heads) AS positions
   FROM (SELECT) AS always LEFT JOIN known ON true`,
);

const INSERT = prepared(
  'insert-message',
  `WITH chat AS (
     UPDATE chats SET last_seq = $2 WHERE id = $1
   ), sender AS (
     UPDATE chat_members SET exempt_count = exempt_count + 1 WHERE chat_id = $1 AND user_id = $4
   ), message AS (
     INSERT INTO messages (chat_id, seq, id, sender_id, sent_at, sealed, recipients, recipient_count)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ), events AS (
     INSERT INTO user_events (user_id, position, kind, chat_id, number, actor_id, created_at)
     SELECT user_id, position, 'message', $1, $2, $4, $5
     FROM unnest($9::uuid[], $10::bigint[]) AS told (user_id, position)
   )
   INSERT INTO message_ids (id, chat_id, seq, sender_id, digest) VALUES ($3, $1, $2, $4, $11)
   ON CONFLICT DO NOTHING RETURNING 1`,
);
