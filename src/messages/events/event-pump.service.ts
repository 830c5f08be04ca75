import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../../common/logging.js';
import { toChunks } from './core/to-chunks.js';
import { EventFeed, type FeedCursor } from './event-feed.service.js';
import { StreamRegistry } from './stream-registry.js';
import { WakeUps } from './wake-ups.service.js';

/** How many steps one round reads, over all users: what it holds in memory at most. */
const STEPS_PER_ROUND = 256;
const RETRY_MS = 500;

/**
 * Carries events from the table to the streams: one reader per process, for whoever is said to have new ones. Streams
 * that have come equally far share what is read and what is written. A stream's position only ever moves to what was
 * written to it, so nothing is missing and nothing comes twice, whatever woke us how often.
 */
@Injectable()
export class EventPump implements OnModuleInit {
  /** Users with streams to which something may have to be written. */
  private readonly due = new Set<string>();
  private isRunning = false;
  private isStopped = false;

  constructor(
    private readonly feed: EventFeed,
    private readonly registry: StreamRegistry,
    private readonly wakeUps: WakeUps,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.wakeUps.onWake((userIds) => this.wake(userIds));
  }

  /** Only those with a stream here cost anything. */
  wake(userIds: Iterable<string>): void {
    for (const userId of userIds) if (this.registry.has(userId)) this.due.add(userId);
    if (!this.isRunning && this.due.size > 0) void this.run();
  }

  /** Looks for what a lost notice did not tell. */
  async lookAround(): Promise<void> {
    const userIds = this.registry.userIds();
    if (userIds.length === 0) return;
    const heads = await this.feed.heads(userIds);
    this.wake(userIds.filter((userId) => this.registry.isBehind(userId, heads.get(userId) ?? 0)));
  }

  stop(): void {
    this.isStopped = true;
    this.due.clear();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.due.size > 0 && !this.isStopped) await this.round();
      this.isRunning = false;
    } catch (error) {
      this.logger.warn({ err: error }, 'could not read events');
      // Still "running": whoever is woken meanwhile waits with the others.
      setTimeout(() => void this.run(), RETRY_MS).unref();
    }
  }

  private async round(): Promise<void> {
    const cursors = this.takeCursors();
    if (cursors.length === 0) return;
    const limit = Math.max(1, Math.floor(STEPS_PER_ROUND / cursors.length));
    try {
      const found = await this.feed.read(cursors, limit);
      for (const [i, { userId, after }] of cursors.entries()) {
        const steps = found[i] ?? [];
        const chunks = toChunks(steps);
        for (const stream of this.registry.at(userId, after)) stream.deliver(chunks);
        if (steps.length === limit) this.due.add(userId);
      }
    } catch (error) {
      for (const { userId } of cursors) this.due.add(userId);
      throw error;
    }
  }

  private takeCursors(): FeedCursor[] {
    const cursors: FeedCursor[] = [];
    for (const userId of this.due) {
      if (cursors.length >= STEPS_PER_ROUND) break;
      this.due.delete(userId);
      for (const after of this.registry.positions(userId)) cursors.push({ userId, after });
    }
    return cursors;
  }
}
