import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rows } from '../../database/rows.js';
import { ChatReader, viewFor, type LoadedChat } from '../chats/chat-reader.service.js';
import { formatEventId } from './core/event-id.js';
import { sseEvent } from './core/sse.js';
import type { FeedStep } from './core/to-chunks.js';
import { readMessages, type MessageTexts } from './message-texts.js';
import type { EventKind } from './user-event.entity.js';

/** A place in a user's order, after which to read. */
export interface FeedCursor {
  readonly userId: string;
  readonly after: number;
}

interface EventRow {
  readonly cursor: number;
  readonly userId: string;
  readonly position: number;
  readonly kind: EventKind;
  readonly chatId: string | null;
  readonly number: number | null;
  readonly actorId: string | null;
  readonly at: number;
  /** Of the user's membership now; null for none. */
  readonly joinedSeq: number | null;
}

/** Reads what happened, for many users at once. An event says that something changed; its data is how it is now. */
@Injectable()
export class EventFeed {
  constructor(
    private readonly dataSource: DataSource,
    private readonly chats: ChatReader,
  ) {}

  /**
   * @param limit how many steps at most after each cursor.
   * @returns the steps after each cursor, in the cursors' order.
   */
  async read(cursors: readonly FeedCursor[], limit: number): Promise<FeedStep[][]> {
    const found = await rows<EventRow>(this.dataSource, STEPS, [
      cursors.map(({ userId }) => userId),
      cursors.map(({ after }) => after),
      limit,
    ]);
    const [messages, chats] = await Promise.all([
      readMessages(this.dataSource, found.filter(isReadableMessage)),
      this.chats.load([
        ...new Set(found.filter(({ kind }) => kind === 'chat').map(({ chatId }) => String(chatId))),
      ]),
    ]);
    const steps: FeedStep[][] = cursors.map(() => []);
    for (const row of found)
      steps[row.cursor - 1]?.push({ position: row.position, text: textOf(row, messages, chats) });
    return steps;
  }

  /** How far the orders of these users go; who has none yet is missing from the answer. */
  async heads(userIds: readonly string[]): Promise<Map<string, number>> {
    const heads = await rows<{ userId: string; position: number }>(
      this.dataSource,
      'SELECT user_id AS "userId", position FROM user_event_heads WHERE user_id = ANY($1::uuid[])',
      [userIds],
    );
    return new Map(heads.map(({ userId, position }) => [userId, position]));
  }
}

const STEPS = `
  SELECT asked.cursor::int AS cursor, e.user_id AS "userId", e.position, e.kind, e.chat_id AS "chatId", e.number,
         e.actor_id AS "actorId", extract(epoch FROM e.created_at)::bigint AS at, own.joined_seq AS "joinedSeq"
  FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS asked (user_id, after, cursor)
  CROSS JOIN LATERAL (
    SELECT * FROM user_events WHERE user_id = asked.user_id AND position > asked.after ORDER BY position LIMIT $3
  ) AS e
  LEFT JOIN chat_members own ON own.chat_id = e.chat_id AND own.user_id = e.user_id
  ORDER BY asked.cursor, e.position`;

function isReadableMessage({ kind, joinedSeq, number }: EventRow): boolean {
  return (kind === 'message' || kind === 'tombstone') && joinedSeq !== null && Number(number) > joinedSeq;
}

function textOf(row: EventRow, messages: MessageTexts, chats: ReadonlyMap<string, LoadedChat>): string {
  const data = dataOf(row, messages, chats);
  const name = row.kind === 'tombstone' ? 'message' : row.kind;
  return data === null ? '' : sseEvent(name, formatEventId(row), data);
}

/** JSON; null for what the user may not see any more. */
function dataOf(
  row: EventRow,
  messages: MessageTexts,
  chats: ReadonlyMap<string, LoadedChat>,
): string | null {
  const { kind, userId, chatId, number, actorId, joinedSeq } = row;
  switch (kind) {
    case 'message':
    case 'tombstone':
      return isReadableMessage(row) ? messages.textFor(userId, String(chatId), Number(number)) : null;
    case 'read':
      return joinedSeq === null ? null : JSON.stringify({ chatId, userId: actorId, lastReadSeq: number });
    case 'chat':
      return JSON.stringify(viewFor(chats.get(String(chatId)), userId) ?? { id: chatId, left: true });
    case 'keys':
      return JSON.stringify({ userId: actorId, version: number });
  }
}
