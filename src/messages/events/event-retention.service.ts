import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER, type Logger } from '../../common/logging.js';
import { Clock } from '../../common/time/clock.js';
import { rows } from '../../database/rows.js';
import { EVENT_ID_MAX_AGE_SECONDS } from './core/event-id.js';

const EVERY_MS = 3600 * 1000;
const BATCH = 5_000;
/** Clocks of replicas may differ, and an id may be a little older than the event after it. */
const MARGIN_SECONDS = 24 * 3600;

/**
 * Clears away what nobody can ask for any more: events that no stream resumes over and `receive` does not walk along,
 * and the messages of closed chats. In small statements, as others work at the same time; several replicas may do it at
 * once, they only find less.
 */
@Injectable()
export class EventRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.clear().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'could not clear away old events'),
      );
    }, EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  async clear(): Promise<void> {
    const seconds = EVENT_ID_MAX_AGE_SECONDS + MARGIN_SECONDS;
    const before = new Date(this.clock.now().getTime() - seconds * 1000);
    await this.repeat(OLD_EVENTS, [before, BATCH]);
    await this.repeat(CLOSED_CHATS_MESSAGES, [BATCH]);
    await this.repeat(EMPTY_CLOSED_CHATS, [BATCH]);
  }

  private async repeat(sql: string, parameters: unknown[]): Promise<void> {
    while (!this.isStopped && (await rows(this.dataSource, sql, parameters)).length === BATCH);
  }
}

/** `receive` walks along others' messages from the beginning: these stay. */
const OLD_EVENTS = `
  DELETE FROM user_events old
  USING (
    SELECT user_id, position FROM user_events
    WHERE created_at < $1 AND (kind NOT IN ('message', 'tombstone') OR actor_id = user_id) LIMIT $2
  ) AS found
  WHERE old.user_id = found.user_id AND old.position = found.position RETURNING 1`;

const CLOSED_CHATS_MESSAGES = `
  DELETE FROM messages old
  USING (
    SELECT m.chat_id, m.seq FROM chats c JOIN messages m ON m.chat_id = c.id WHERE c.closed_at IS NOT NULL LIMIT $1
  ) AS found
  WHERE old.chat_id = found.chat_id AND old.seq = found.seq RETURNING 1`;

const EMPTY_CLOSED_CHATS = `
  DELETE FROM chats c USING (
    SELECT id FROM chats
    WHERE closed_at IS NOT NULL AND NOT EXISTS (SELECT FROM messages WHERE chat_id = id)
      AND NOT EXISTS (SELECT FROM direct_chats WHERE chat_id = id) LIMIT $1
  ) AS found
  WHERE c.id = found.id RETURNING 1`;
