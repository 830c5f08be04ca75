import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { DataSource } from 'typeorm';
import type { Principal } from '../../common/http/principal.js';
import { LOGGER, type Logger } from '../../common/logging.js';
import { RateLimited, ServiceUnavailable } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { NotificationBus } from '../../database/notification-bus.js';
import { rows } from '../../database/rows.js';
import { isResumable, parseEventId } from './core/event-id.js';
import { SSE_RETRY } from './core/sse.js';
import { EventFeed } from './event-feed.service.js';
import { EventPump } from './event-pump.service.js';
import { EventStream } from './event-stream.js';
import { StreamRegistry } from './stream-registry.js';
import { WakeUps } from './wake-ups.service.js';

/** Tabs and devices of one user on one replica. */
export const MAX_STREAMS_PER_USER = 20;
const HEARTBEAT_MS = 20_000;
const LOOK_AROUND_MS = 5_000;
const SLOW_READER_MS = 60_000;

/** Opens and ends event streams. */
@Injectable()
export class EventStreams implements OnModuleInit, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private isClosing = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: NotificationBus,
    private readonly clock: Clock,
    private readonly feed: EventFeed,
    private readonly pump: EventPump,
    private readonly registry: StreamRegistry,
    private readonly wakeUps: WakeUps,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.wakeUps.onWake((userIds) => this.pump.wake(userIds));
    // Written by a trigger: whoever it told is not in the notice.
    this.bus.on('keys', () => this.inBackground(() => this.pump.lookAround()));
    this.bus.on('session-ended', ({ ids }) => {
      if (Array.isArray(ids)) this.endSessions(new Set(ids.map(String)));
    });
    this.bus.onReconnect(() => this.lookAround());
    this.every(HEARTBEAT_MS, () => {
      for (const stream of this.registry.all()) stream.beat();
    });
    this.every(LOOK_AROUND_MS, () => this.inBackground(() => this.lookAround()));
  }

  /** Streams would keep the server from draining; clients come back, to another replica. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const timer of this.timers) clearInterval(timer);
    this.pump.stop();
    for (const stream of this.registry.all()) stream.end();
  }

  /**
   * @param lastEventId the client's, if it resumes.
   * @param begin answers the request with the stream's head.
   * @throws RateLimited, ServiceUnavailable
   */
  async open(
    { userId, sessionId }: Principal,
    lastEventId: string | undefined,
    begin: () => ServerResponse,
  ): Promise<void> {
    const head = (await this.feed.heads([userId])).get(userId) ?? 0;
    if (this.isClosing) throw new ServiceUnavailable(1);
    if (this.registry.count(userId) >= MAX_STREAMS_PER_USER) throw tooManyStreams();
    const response = begin();
    const id = parseEventId(lastEventId ?? '');
    const now = this.clock.epochSeconds();
    const isResumed = id !== null && isResumable(id, head, now);
    const stream = new EventStream(userId, sessionId, response, isResumed ? id.position : head);
    this.register(stream, response);
    stream.write(SSE_RETRY);
    if (!isResumed) stream.greet(lastEventId === undefined ? 'ready' : 'reset', now);
    this.pump.wake([userId]);
    // The session may have ended between the guard's look and now, unheard.
    this.inBackground(() => this.endDeadSessions([sessionId]));
  }

  private register(stream: EventStream, response: ServerResponse): void {
    this.registry.add(stream);
    response.on('drain', () => {
      stream.unblock();
      this.pump.wake([stream.userId]);
    });
    response.on('error', () => undefined);
    response.on('close', () => this.registry.remove(stream));
    if (response.destroyed) this.registry.remove(stream);
  }

  private endSessions(ids: ReadonlySet<string>): void {
    for (const stream of this.registry.all())
      if (ids.has(stream.sessionId)) stream.endSession(this.clock.epochSeconds());
  }

  /** Finds out what notices would have told, had they come. */
  private async lookAround(): Promise<void> {
    for (const stream of this.registry.all()) stream.dropIfBlockedFor(SLOW_READER_MS);
    await this.pump.lookAround();
    await this.endDeadSessions([...new Set([...this.registry.all()].map(({ sessionId }) => sessionId))]);
  }

  /** Asks the table itself: this module stands beside the one whose it is. */
  private async endDeadSessions(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const alive = await rows<{ id: string }>(
      this.dataSource,
      `SELECT id FROM sessions
       WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL AND expires_at > $2 AND idle_expires_at > $2`,
      [ids, this.clock.now()],
    );
    const dead = new Set(ids);
    for (const { id } of alive) dead.delete(id);
    if (dead.size > 0) this.endSessions(dead);
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms).unref());
  }

  private inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.logger.warn({ err: error }, 'could not look after event streams'));
  }
}

function tooManyStreams(): RateLimited {
  return new RateLimited({
    'retry-after': '10',
    'ratelimit-policy': `"streams";q=${MAX_STREAMS_PER_USER}`,
    ratelimit: '"streams";r=0;t=10',
  });
}
