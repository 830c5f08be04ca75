import { performance } from 'node:perf_hooks';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { NotificationBus } from './notification-bus.js';
import { PoolConnections } from './pool-connections.js';

const LOOK_MS = 500;
/** With the heartbeat lost for so long, a connection that has waited as long will not be answered any more. */
const SILENCE_MS = 5_000;

/**
 * Gives up connections of the pool that died without telling. The heartbeat of the bus is the proof: while only a
 * statement is slow, it goes on.
 */
@Injectable()
export class DeadConnections implements OnModuleInit, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: NotificationBus,
    private readonly connections: PoolConnections,
  ) {}

  onModuleInit(): void {
    // The database answers again, perhaps another one: what has been silent since the loss belongs to the one before.
    this.bus.onReconnect(async () => {
      const lostAt = this.bus.lostSince();
      if (lostAt === null) return;
      this.connections.giveUpSilent(lostAt);
      // Begun before the attempt that has just succeeded, and no further: it tries to reach what is not there any more.
      this.connections.giveUpOpening(this.bus.attemptBegan());
    });
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private look(): void {
    const lostAt = this.bus.lostSince();
    const long = performance.now() - SILENCE_MS;
    if (lostAt !== null && lostAt < long) this.connections.giveUpWaiting(long);
  }
}
