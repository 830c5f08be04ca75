import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/time/clock.js';
import { deleteWhere, PeriodicJobs } from '../database/periodic-jobs.js';
import { firstRow } from '../database/rows.js';

const DAY_MS = 24 * 3600 * 1000;
const KEPT_MS = 30 * DAY_MS;
const SWEEP_MINUTES = 60;

/** Where the owner of an account has signed in from in the last 30 days. */
@Injectable()
export class KnownAddresses implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly jobs: PeriodicJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every(SWEEP_MINUTES, 'sweep-known-addresses', (db) =>
      deleteWhere(db, 'known_addresses', 'last_success_at < $1', [this.before(KEPT_MS)]),
    );
  }

  async isKnown(account: string, network: string): Promise<boolean> {
    const sql = 'SELECT 1 FROM known_addresses WHERE digest = $1 AND last_success_at > $2';
    return (await firstRow(this.dataSource, sql, [digest(account, network), this.before(KEPT_MS)])) !== null;
  }

  /** Writes at most once a day for each pair. */
  async remember(account: string, network: string): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO known_addresses (digest, last_success_at) VALUES ($1, $2)
       ON CONFLICT (digest) DO UPDATE SET last_success_at = excluded.last_success_at
         WHERE known_addresses.last_success_at < $3`,
      [digest(account, network), this.clock.now(), this.before(DAY_MS)],
    );
  }

  private before(milliseconds: number): Date {
    return new Date(this.clock.now().getTime() - milliseconds);
  }
}

function digest(account: string, network: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([account, network]))
    .digest();
}
