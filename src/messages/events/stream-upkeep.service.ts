import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../../common/logging.js';
import { NotificationBus } from '../../database/notification-bus.js';
import { EventPump } from './event-pump.service.js';
import { SessionWatch } from './session-watch.service.js';
import { StreamRegistry } from './stream-registry.js';

/** Below the idle limits of common proxies (30 s and more). */
const HEARTBEAT_MS = 20_000;
const LOOK_AROUND_MS = 5_000;
const SLOW_READER_MS = 60_000;

/** Keeps the open streams alive, true and few: by notices, and by looking where a notice may have been lost. */
@Injectable()
export class StreamUpkeep implements OnModuleInit, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly bus: NotificationBus,
    private readonly pump: EventPump,
    private readonly registry: StreamRegistry,
    private readonly sessions: SessionWatch,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.bus.on('session-ended', ({ ids }) => {
      if (Array.isArray(ids)) this.sessions.end(new Set(ids.map(String)));
    });
    // These events are written by a trigger: the notice does not say who was told.
    this.bus.on('keys', () => this.inBackground(() => this.pump.lookAround()));
    this.bus.onReconnect(() => this.lookAround());
    this.every(HEARTBEAT_MS, () => {
      for (const stream of this.registry.all()) stream.beat();
    });
    this.every(LOOK_AROUND_MS, () => {
      for (const stream of this.registry.all()) stream.dropIfBlockedFor(SLOW_READER_MS);
      this.inBackground(() => this.lookAround());
    });
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async lookAround(): Promise<void> {
    await this.sessions.checkAll();
    await this.pump.lookAround();
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms).unref());
  }

  private inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.logger.warn({ err: error }, 'could not look after event streams'));
  }
}
