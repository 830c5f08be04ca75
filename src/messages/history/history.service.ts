import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFound } from '../../common/problem/common.errors.js';
import { firstRow, prepared } from '../../database/rows.js';
import { messageJson } from '../envelopes/message-json.js';
import { nextCursor, rangeOf } from './core/history-range.js';
import type { HistoryQuery } from './history.dto.js';

/** Reads a chat's messages by their place in it. */
@Injectable()
export class HistoryService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * One page, as JSON text: the database builds it, nobody here parses it.
   * @throws NotFound where the reader is no member
   */
  async page(chatId: string, userId: string, query: HistoryQuery): Promise<string> {
    const range = rangeOf(query);
    const found = await firstRow<{
      joinedSeq: number;
      lastSeq: number;
      items: string | null;
      first: number | null;
      last: number | null;
    }>(this.dataSource, PAGES[range.order], [chatId, userId, range.after, range.before, query.limit]);
    if (found === null) throw new NotFound();
    const { first, last, joinedSeq, lastSeq } = found;
    const ends = first === null || last === null ? null : { first, last };
    const cursor = nextCursor(range, ends, { first: joinedSeq + 1, last: lastSeq });
    return `{"items":[${found.items ?? ''}],"nextCursor":${JSON.stringify(cursor)}}`;
  }
}

/** A range of the primary key, whatever the size of the table: `seq` has no gaps, so nothing is skipped over. */
function pageSql(direction: 'ASC' | 'DESC'): string {
  return `
    SELECT own.joined_seq AS "joinedSeq", c.last_seq AS "lastSeq", page.items, page.first, page.last
    FROM chat_members own
    JOIN chats c ON c.id = own.chat_id
    CROSS JOIN LATERAL (
      SELECT string_agg(${messageJson('own.user_id::text')}, ',') AS items, min(m.seq) AS first, max(m.seq) AS last
      FROM (
        SELECT * FROM messages
        WHERE chat_id = $1 AND seq > greatest(own.joined_seq, $3::bigint) AND seq < $4::bigint
        ORDER BY seq ${direction} LIMIT $5
      ) AS m
    ) AS page
    WHERE own.chat_id = $1 AND own.user_id = $2`;
}

const PAGES = {
  'newest-first': prepared('history-newest-first', pageSql('DESC')),
  'oldest-first': prepared('history-oldest-first', pageSql('ASC')),
};
