import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { newId } from '../../common/ids.js';
import { LOGGER, type Logger } from '../../common/logging.js';
import { NotificationBus } from '../../database/notification-bus.js';

type Listener = (userIds: Iterable<string>) => void;

/** Keeps a notification below PostgreSQL's 8 000 bytes. */
const USERS_PER_NOTICE = 150;
/** After one notice, for so long all that happens waits for the next: a busy server would send hundreds a second. */
const GATHER_MS = 10;

/**
 * Says whose events have grown. It carries no event and may be lost: whoever is woken reads the table, and looks
 * there now and then by itself. That is why it is sent after the commit: a NOTIFY within the transaction would make
 * all commits of the database take turns.
 * @see docs/decisions/events.md
 */
@Injectable()
export class WakeUps implements BeforeApplicationShutdown, OnModuleInit {
  /** Tells this process's notices from others': its own streams are woken at once. */
  private readonly origin = newId();
  private readonly listeners: Listener[] = [];
  private readonly pending = new Set<string>();
  private isSending = false;
  private readonly closing = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: NotificationBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.bus.on('user-events', ({ from, userIds }) => {
      if (from !== this.origin && Array.isArray(userIds)) this.tellListeners(userIds.map(String));
    });
  }

  /** What is told last would otherwise wait for the other replicas to look around. */
  beforeApplicationShutdown(): void {
    this.closing.abort();
  }

  /** Must not throw and not wait. */
  onWake(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** After the commit. */
  wake(userIds: ReadonlySet<string>): void {
    if (userIds.size === 0) return;
    this.tellListeners(userIds);
    for (const userId of userIds) this.pending.add(userId);
    if (!this.isSending) void this.send();
  }

  /** The first at once; what comes meanwhile goes together into the next. */
  private async send(): Promise<void> {
    this.isSending = true;
    try {
      while (this.pending.size > 0) {
        const userIds = [...this.pending].slice(0, USERS_PER_NOTICE);
        for (const userId of userIds) this.pending.delete(userId);
        await this.bus.publish(this.dataSource, { type: 'user-events', from: this.origin, userIds });
        if (this.pending.size < USERS_PER_NOTICE) await this.gather();
      }
    } catch (error) {
      this.pending.clear();
      this.logger.warn({ err: error }, 'could not tell other replicas of new events');
    } finally {
      this.isSending = false;
    }
  }

  /** Not at all once the server closes. */
  private gather(): Promise<void> {
    return delay(GATHER_MS, undefined, { ref: false, signal: this.closing.signal }).catch(() => undefined);
  }

  private tellListeners(userIds: Iterable<string>): void {
    for (const listener of this.listeners) listener(userIds);
  }
}
