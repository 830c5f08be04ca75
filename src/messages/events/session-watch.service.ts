import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { rows } from '../../database/rows.js';
import { StreamRegistry } from './stream-registry.js';

/** Ends the streams of sessions that have ended. */
@Injectable()
export class SessionWatch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly registry: StreamRegistry,
  ) {}

  end(sessionIds: ReadonlySet<string>): void {
    for (const stream of this.registry.all())
      if (sessionIds.has(stream.sessionId)) stream.endSession(this.clock.epochSeconds());
  }

  /**
   * Finds out what a notice would have told, had it come. Asks the table itself, as the module whose it is stands
   * beside this one.
   */
  async check(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    const alive = await rows<{ id: string }>(
      this.dataSource,
      `SELECT id FROM sessions
       WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL AND expires_at > $2 AND idle_expires_at > $2`,
      [sessionIds, this.clock.now()],
    );
    const dead = new Set(sessionIds);
    for (const { id } of alive) dead.delete(id);
    if (dead.size > 0) this.end(dead);
  }

  async checkAll(): Promise<void> {
    await this.check([...new Set([...this.registry.all()].map(({ sessionId }) => sessionId))]);
  }
}
