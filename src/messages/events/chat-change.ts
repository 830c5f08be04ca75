import type { EntityManager } from 'typeorm';
import { rows } from '../../database/rows.js';
import type { EventKind } from './user-event.entity.js';

/** Something that users are told of. */
export interface NewEvent {
  readonly kind: Exclude<EventKind, 'tombstone'>;
  readonly chatId: string;
  readonly number?: number;
  readonly actorId?: string;
}

/**
 * One transaction of this module, and whom it tells what. Whatever it locks, it locks in this order, so that no two
 * wait in a circle: people, chats (by id), event heads (by user id), then rows of members and messages. An exception:
 * adding a member takes the person after the chat, which only the person's deletion could cross.
 */
export class ChatChange {
  /** Whom to wake after the commit. */
  readonly told = new Set<string>();

  constructor(
    readonly tx: EntityManager,
    readonly at: Date,
  ) {}

  /**
   * Takes the next positions in these users' orders. Their heads stay locked until the commit, so that positions
   * become visible in their order, without gaps.
   * @param count how many for each; 0 only locks.
   * @returns the last position of each.
   */
  async reserve(userIds: readonly string[], count: number): Promise<Map<string, number>> {
    const heads = await rows<{ userId: string; position: number }>(
      this.tx,
      `INSERT INTO user_event_heads (user_id, position)
       SELECT user_id, $2 FROM unnest($1::uuid[]) AS told (user_id) ORDER BY user_id
       ON CONFLICT (user_id) DO UPDATE SET position = user_event_heads.position + excluded.position
       RETURNING user_id AS "userId", position`,
      [userIds, count],
    );
    if (count > 0) for (const userId of userIds) this.told.add(userId);
    return new Map(heads.map(({ userId, position }) => [userId, position]));
  }

  /** Appends one event to the orders of all these users. */
  async tell(userIds: readonly string[], event: NewEvent): Promise<void> {
    const positions = await this.reserve(userIds, 1);
    await this.tx.query(
      `INSERT INTO user_events (user_id, position, kind, chat_id, number, actor_id, created_at)
       SELECT user_id, position, $3, $4, $5, $6, $7 FROM unnest($1::uuid[], $2::bigint[]) AS told (user_id, position)`,
      [
        [...positions.keys()],
        [...positions.values()],
        event.kind,
        event.chatId,
        event.number ?? null,
        event.actorId ?? null,
        this.at,
      ],
    );
  }
}
