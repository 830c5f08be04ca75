import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { prepared, rows } from '../../database/rows.js';
import { ChatReader, viewFor, type LoadedChat } from '../chats/chat-reader.service.js';
import { formatEventId, isResumable, parseEventId } from './core/event-id.js';
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

/** Where a stream begins. */
export interface StreamStart {
  readonly position: number;
  /** Seconds since the epoch. */
  readonly at: number;
  /** Null where the client goes on from where it was. */
  readonly greeting: 'ready' | 'reset' | null;
}

/** Reads what happened, for many users at once. An event says that something changed; its data is how it is now. */
@Injectable()
export class EventFeed {
  constructor(
    private readonly dataSource: DataSource,
    private readonly chats: ChatReader,
    private readonly clock: Clock,
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

  /** @param lastEventId the client's, if it has one. */
  async start(userId: string, lastEventId: string | undefined): Promise<StreamStart> {
    const head = (await this.heads([userId])).get(userId) ?? 0;
    const at = this.clock.epochSeconds();
    if (lastEventId === undefined) return { position: head, at, greeting: 'ready' };
    const id = parseEventId(lastEventId);
    if (id === null || !isResumable(id, head, at)) return { position: head, at, greeting: 'reset' };
    return { position: id.position, at, greeting: null };
  }
}

const STEPS = prepared(
  'read-steps',
  `SELECT asked.cursor::int AS cursor, e.user_id AS "userId", e.position, e.kind, e.chat_id AS "chatId", e.number,
         e.actor_id AS "actorId", extract(epoch FROM e.created_at)::bigint AS at, own.joined_seq AS "joinedSeq"
  FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS asked (user_id, after, cursor)
  CROSS JOIN LATERAL (
    SELECT * FROM user_events WHERE user_id = asked.user_id AND position > asked.after ORDER BY position LIMIT $3
  ) AS e
  LEFT JOIN chat_members own ON own.chat_id = e.chat_id AND own.user_id = e.user_id
  ORDER BY asked.cursor, e.position`,
);

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
  if (kind === 'keys') return JSON.stringify({ userId: actorId, version: number });
  if (kind === 'chat')
    return JSON.stringify(viewFor(chats.get(String(chatId)), userId) ?? { id: chatId, left: true });
  if (joinedSeq === null) return null;
  if (kind === 'read') return JSON.stringify({ chatId, userId: actorId, lastReadSeq: number });
  return isReadableMessage(row) ? messages.textFor(userId, String(chatId), Number(number)) : null;
}
