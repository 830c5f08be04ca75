import type { ParsedEnvelope } from '@sealgate/protocol';
import { NotFound } from '../../common/problem/common.errors.js';
import { currentKeysOf, type CurrentKeys } from '../../crypto/account-keys/keys.service.js';
import { prepared } from '../../database/rows.js';
import { violatesUnique } from '../../database/sqlstate.js';
import type { Rows, Statement } from '../../database/two-step-transaction.js';
import { sealedPart } from './core/check-envelope.js';
import type { CurrentKey } from './core/compare-recipients.js';
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

/** What stands under the chat's lock. */
export interface Standing {
  readonly turn: Turn;
  readonly admission: Admission;
  readonly keys: readonly CurrentKey[];
}

/**
 * Locks the chat, which gives the message its turn. Under that lock: is the sender (still) a member, is the id new; and
 * if both, takes the members' next positions, in the order that `ChatChange.reserve` keeps. Last the members' keys:
 * their heads are held by then, so that no new key can come between this look and the commit.
 */
export function lookStatements({ chatId, senderId, id, digest }: Omit<Draft, 'envelope'>): Statement[] {
  return [
    { sql: LOCK, parameters: [chatId, senderId] },
    { sql: ADMIT, parameters: [chatId, senderId, id, digest] },
    { sql: MEMBERS_KEYS, parameters: [chatId] },
  ];
}

/**
 * @param found the rows of {@link lookStatements}.
 * @throws NotFound where the sender is no member
 */
export function standing([turns = [], admissions = [], keys = []]: readonly Rows[], at: Date): Standing {
  const turn = turns[0] as Turn | undefined;
  const admission = admissionOf(admissions[0] as AdmissionRow | undefined, at);
  // Two looks: a member who was just leaving is there before the lock, and not any more under it.
  if (turn === undefined || !admission.isMember) throw new NotFound();
  return { turn, admission, keys: (keys as readonly unknown[] as readonly KeyRow[]).map(currentKey) };
}

type KeyRow = CurrentKeys & { readonly userId: string };

const currentKey = ({ userId, encryptionKid, version }: KeyRow): CurrentKey => ({
  userId,
  kid: encryptionKid,
  version,
});

interface AdmissionRow {
  readonly isMember: boolean;
  readonly isSame: boolean | null;
  readonly seq: number | null;
  readonly sentAt: Date | null;
  readonly positions: Record<string, number> | null;
}

function admissionOf(row: AdmissionRow | undefined, at: Date): Admission {
  const { isMember = false, isSame = null, seq, sentAt, positions } = row ?? {};
  const known = isSame === null ? null : { isSame, seq: seq ?? 0, sentAt: sentAt ?? at };
  return { isMember, known, positions: new Map(Object.entries(positions ?? {})) };
}

/** Fails with {@link isIdTaken} where the id was taken since the look. */
export function insertStatement(
  { id, chatId, senderId, envelope, digest }: Draft,
  place: {
    seq: number;
    at: Date;
    positions: ReadonlyMap<string, number>;
    recipients: Record<string, StoredRecipient>;
  },
): Statement {
  return {
    sql: INSERT,
    parameters: [
      chatId,
      place.seq,
      id,
      senderId,
      place.at,
      sealedPart(envelope),
      JSON.stringify(place.recipients),
      envelope.kids.length,
      [...place.positions.keys()],
      [...place.positions.values()],
      digest,
    ],
  };
}

/** True where another chat's message took the id meanwhile. */
export function isIdTaken(error: unknown): boolean {
  return violatesUnique(error, /^message_ids_\d+_pkey$/);
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

/** Writes only where the lock has given the transaction an id: without one, nothing would ever undo it. */
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
     WHERE pg_current_xact_id_if_assigned() IS NOT NULL AND NOT EXISTS (SELECT FROM known)
       AND EXISTS (SELECT FROM members WHERE user_id = $2)
     ORDER BY user_id
     ON CONFLICT (user_id) DO UPDATE SET position = user_event_heads.position + 1
     RETURNING user_id, position
   )
   SELECT EXISTS (SELECT FROM members WHERE user_id = $2) AS "isMember",
          known.is_same AS "isSame", known.seq, known.sent_at AS "sentAt",
          (SELECT json_object_agg(user_id, position) FROM heads) AS positions
   FROM (SELECT) AS always LEFT JOIN known ON true`,
);

const MEMBERS_KEYS = prepared(
  'members-keys',
  currentKeysOf('SELECT user_id FROM chat_members WHERE chat_id = $1'),
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
   INSERT INTO message_ids (id, chat_id, seq, sender_id, digest) VALUES ($3, $1, $2, $4, $11)`,
);
