import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { keyedDigest, type KeyedDigest } from '../common/keyed-digest.js';
import { Clock } from '../common/time/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { deleteWhere, PeriodicJobs } from '../database/periodic-jobs.js';
import { firstRow, prepared, type Queryable } from '../database/rows.js';

const DAY_MS = 24 * 3600 * 1000;
const KEPT_MS = 30 * DAY_MS;
const SWEEP_MINUTES = 60;

const LOOK = prepared(
  'look-at-known-address',
  `SELECT last_success_at >= $3 AS "isRecent" FROM known_addresses WHERE digest = $1 AND last_success_at > $2`,
);

/** What is known of an account and an address together. */
export interface Acquaintance {
  readonly isKnown: boolean;
  /** Remembered within a day: nothing needs to be written. */
  readonly isRecent: boolean;
}

/** Where the owner of an account has signed in from in the last 30 days. */
@Injectable()
export class KnownAddresses implements OnModuleInit {
  private readonly digest: KeyedDigest;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly jobs: PeriodicJobs,
    @Inject(CONFIG) { secrets }: Config,
  ) {
    this.digest = keyedDigest(secrets.passwordPepper, 'known addresses');
  }

  onModuleInit(): void {
    this.jobs.every(SWEEP_MINUTES, 'sweep-known-addresses', (db) =>
      deleteWhere(db, 'known_addresses', 'last_success_at < $1', [this.before(KEPT_MS)]),
    );
  }

  async look(account: string, network: string): Promise<Acquaintance> {
    const parameters = [this.pair(account, network), this.before(KEPT_MS), this.before(DAY_MS)];
    const found = await firstRow<{ isRecent: boolean }>(this.dataSource, LOOK, parameters);
    return { isKnown: found !== null, isRecent: found?.isRecent === true };
  }

  /** Writes at most once a day for each pair. */
  async remember(account: string, network: string): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO known_addresses (digest, account, last_success_at) VALUES ($1, $4, $2)
       ON CONFLICT (digest) DO UPDATE SET last_success_at = excluded.last_success_at
         WHERE known_addresses.last_success_at < $3`,
      [this.pair(account, network), this.clock.now(), this.before(DAY_MS), this.digest(account)],
    );
  }

  /** The account is deleted. */
  async forgetAccount(tx: Queryable, account: string): Promise<void> {
    await tx.query('DELETE FROM known_addresses WHERE account = $1', [this.digest(account)]);
  }

  private pair(account: string, network: string): Buffer {
    return this.digest(JSON.stringify([account, network]));
  }

  private before(milliseconds: number): Date {
    return new Date(this.clock.now().getTime() - milliseconds);
  }
}
