import { prepared, rows, type Queryable } from '../../database/rows.js';
import { MESSAGE_HEAD, MESSAGE_TAIL, recipientJson } from '../envelopes/message-json.js';

/** Who is told of which message. */
export interface WantedMessage {
  readonly userId: string;
  readonly chatId: string | null;
  readonly number: number | null;
}

/** Messages as JSON, for several readers each. */
export interface MessageTexts {
  /** @returns null where the message is not there. */
  textFor(userId: string, chatId: string, seq: number): string | null;
}

interface MessageParts {
  readonly chatId: string;
  readonly seq: number;
  readonly head: string;
  readonly tail: string;
  readonly entries: Record<string, string> | null;
}

/** Reads each message once, however many it is for: only the recipient entries differ between readers. */
export async function readMessages(db: Queryable, wanted: readonly WantedMessage[]): Promise<MessageTexts> {
  const places = new Map(wanted.map(({ chatId, number }) => [`${chatId}/${number}`, { chatId, number }]));
  const found =
    places.size === 0
      ? []
      : await rows<MessageParts>(db, PARTS, [
          [...places.values()].map(({ chatId }) => chatId),
          [...places.values()].map(({ number }) => number),
          [...new Set(wanted.map(({ userId }) => userId))],
        ]);
  const parts = new Map(found.map((part) => [`${part.chatId}/${part.seq}`, part]));
  return {
    textFor: (userId, chatId, seq) => {
      const part = parts.get(`${chatId}/${seq}`);
      return part === undefined ? null : `${part.head}${part.entries?.[userId] ?? ''}${part.tail}`;
    },
  };
}

const PARTS = prepared(
  'read-message-parts',
  `SELECT m.chat_id AS "chatId", m.seq, ${MESSAGE_HEAD} AS head, ${MESSAGE_TAIL} AS tail,
         (SELECT json_object_agg(entry.key, ${recipientJson('entry.value')})
          FROM jsonb_each(m.recipients) AS entry WHERE entry.key = ANY($3::text[])) AS entries
  FROM unnest($1::uuid[], $2::bigint[]) AS wanted (chat_id, seq)
  JOIN messages m ON m.chat_id = wanted.chat_id AND m.seq = wanted.seq`,
);
