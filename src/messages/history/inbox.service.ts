import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rows } from '../../database/rows.js';
import { messageJson } from '../envelopes/message-json.js';
import { begin, readInboxCursor, writeInboxCursor } from './core/inbox-cursor.js';
import type { ReceiveQuery } from './history.dto.js';

/** The messages of others to a user, over all chats, in the order in which they (or their tombstones) came. */
@Injectable()
export class InboxService {
  constructor(private readonly dataSource: DataSource) {}

  /** One page, as JSON text. What the user may not read any more is left out. */
  async page(userId: string, { after, cursor, limit }: ReceiveQuery): Promise<string> {
    const given = after ?? cursor;
    const asked = readInboxCursor(given);
    const found = await rows<{ position: number; head: number; item: string }>(this.dataSource, PAGE, [
      userId,
      asked.position,
      // Of who has caught up nothing is known.
      asked.position >= asked.head ? asked.position : asked.from,
      asked.position >= asked.head ? 0 : asked.head,
      limit,
    ]);
    const last = found.at(-1);
    const next =
      last === undefined
        ? (given ?? writeInboxCursor(asked))
        : writeInboxCursor({ ...begin(asked, last.head), position: last.position });
    return `{"items":[${found.map(({ item }) => item).join(',')}],"nextCursor":${JSON.stringify(next)}}`;
  }
}

/** `$2` the position, `$3` and `$4` from where on and up to where tombstones were given already. */
const PAGE = `
  SELECT e.position, (SELECT position FROM user_event_heads WHERE user_id = $1) AS head,
         ${messageJson('e.user_id::text')} AS item
  FROM user_events e
  JOIN chat_members own ON own.chat_id = e.chat_id AND own.user_id = e.user_id
  JOIN messages m ON m.chat_id = e.chat_id AND m.seq = e.number
  WHERE e.user_id = $1 AND e.position > $2::bigint
    AND e.kind IN ('message', 'tombstone') AND e.actor_id <> e.user_id AND e.number > own.joined_seq
    AND (e.first_position IS NULL OR NOT (
      e.first_position > $2::bigint OR (e.first_position > $3::bigint AND e.position <= $4::bigint)))
  ORDER BY e.position LIMIT $5`;
