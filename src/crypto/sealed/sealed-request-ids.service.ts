import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MAX_CLOCK_SKEW_SECONDS } from '@sealgate/protocol';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { deleteWhere, PeriodicJobs } from '../../database/periodic-jobs.js';
import { firstRow } from '../../database/rows.js';

const SWEEP_MINUTES = 5;
/** For replicas whose clocks differ: the sweep of one must not forget what another still takes for fresh. */
const CLOCK_MARGIN_SECONDS = 10 * 60;
/** Too short for a `jti`, so nobody else's. A migration put its row there, for good. */
const TAKEN = 'taken';

/** Which sealed requests were let in, over all replicas. */
@Injectable()
export class SealedRequestIds implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly jobs: PeriodicJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every(SWEEP_MINUTES, 'sweep-sealed-request-ids', (db) =>
      deleteWhere(db, 'sealed_request_ids', 'expires_at < $1', [this.clock.now()]),
    );
  }

  /**
   * @param iat when the request says it was made, seconds since the epoch.
   * @returns false where the `jti` came before: of many at once, one is the first.
   */
  async claim(jti: string, iat: number): Promise<boolean> {
    const expiresAt = new Date((iat + MAX_CLOCK_SKEW_SECONDS + CLOCK_MARGIN_SECONDS) * 1000);
    const sql = `INSERT INTO sealed_request_ids (jti, expires_at) VALUES ($1, $2)
      ON CONFLICT DO NOTHING RETURNING jti`;
    return (await firstRow(this.dataSource, sql, [jti, expiresAt])) !== null;
  }

  /** What {@link claim} does for a `jti` that came before, for requests that have none: so that both take as long. */
  async claimNothing(): Promise<void> {
    await this.claim(TAKEN, this.clock.epochSeconds());
  }
}
