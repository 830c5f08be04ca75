import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { DataSource } from 'typeorm';
import { Metrics } from '../../common/metrics.js';
import { Clock } from '../../common/time/clock.js';
import { NotificationBus } from '../../database/notification-bus.js';
import { firstRow, rows, type Queryable } from '../../database/rows.js';
import { ACCESS_TOKEN_SECONDS } from '../tokens/access-tokens.service.js';

/** Longer than any access token lives, with room for clocks that differ. */
const KEPT_MS = (ACCESS_TOKEN_SECONDS + 15 * 60) * 1000;

/**
 * The sessions that ended while access tokens of theirs may still be about, in memory: asked at each request, so that
 * a request needs no database read. Trusted only while the bus is fresh; otherwise the row itself is asked, and where
 * the database cannot be reached either, the request fails (503): nothing fails open.
 */
@Injectable()
export class RevocationView implements OnModuleInit {
  /** Session id → when it may be forgotten, in milliseconds since the epoch. */
  private readonly revoked = new Map<string, number>();

  private readonly lag: Histogram;

  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: NotificationBus,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.lag = new Histogram({
      name: 'sealgate_revocation_lag_seconds',
      help: 'From the end of a session, on whichever replica, until this one refuses its tokens.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [metrics.registry],
    });
  }

  onModuleInit(): void {
    this.bus.on('session-ended', ({ ids, at }) => {
      if (Array.isArray(ids)) for (const id of ids) this.add(String(id));
      if (typeof at === 'number') this.lag.observe(Math.max(0, this.clock.now().getTime() - at) / 1000);
    });
    this.bus.onReconnect(() => this.rebuild());
  }

  /** At once where the answer is known here: the hot path. @throws where the database is asked and does not answer. */
  isRevoked(sessionId: string): boolean | Promise<boolean> {
    return this.revoked.has(sessionId) || (!this.bus.isFresh() && this.askDatabase(sessionId));
  }

  private async askDatabase(sessionId: string): Promise<boolean> {
    const alive = await firstRow(
      this.dataSource,
      'SELECT 1 FROM sessions WHERE id = $1 AND revoked_at IS NULL',
      [sessionId],
    );
    return alive === null;
  }

  /** Tells every replica, with the transaction's commit. */
  async announce(tx: Queryable, ids: readonly string[]): Promise<void> {
    // 100 ids are well below the 8 000 bytes of a notification.
    for (let i = 0; i < ids.length; i += 100)
      await this.bus.publish(tx, {
        type: 'session-ended',
        ids: ids.slice(i, i + 100),
        at: this.clock.now().getTime(),
      });
  }

  /** After the commit, for this replica: its own notification is still on the way. */
  add(sessionId: string): void {
    const now = this.clock.now().getTime();
    this.revoked.set(sessionId, now + KEPT_MS);
    // Insertion order is order of age: forget from the front.
    for (const [id, until] of this.revoked) {
      if (until > now) break;
      this.revoked.delete(id);
    }
  }

  private async rebuild(): Promise<void> {
    const since = new Date(this.clock.now().getTime() - KEPT_MS);
    const found = await rows<{ id: string }>(
      this.dataSource,
      'SELECT id FROM sessions WHERE revoked_at > $1',
      [since],
    );
    for (const { id } of found) this.add(id);
  }
}
