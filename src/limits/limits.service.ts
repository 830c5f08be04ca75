import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter } from 'prom-client';
import { DataSource } from 'typeorm';
import { keyedDigest, type KeyedDigest } from '../common/keyed-digest.js';
import { Metrics } from '../common/metrics.js';
import { RateLimited } from '../common/problem/common.errors.js';
import { CONFIG, type Config } from '../config/config.js';
import { deleteWhere, PeriodicJobs } from '../database/periodic-jobs.js';
import { rateLimitFields } from './core/rate-limit-fields.js';
import {
  postgresCounters,
  readPostgresCounters,
  redisCounters,
  type Count,
  type Counters,
} from './counter-store.js';
import { policy, POLICY_NAMES, type Policy, type PolicyName } from './policies.js';
import { RedisConnection } from './redis-connection.js';

const SWEEP_MINUTES = 10;

/** Counts by policy and key, and refuses where a quota is spent. */
@Injectable()
export class Limits implements OnModuleInit {
  private readonly limits: ReadonlyMap<PolicyName, { policy: Policy; counters: Counters }>;
  private readonly refusals: Counter<'policy'>;
  private readonly keyed: KeyedDigest;
  private readonly inDatabase: boolean;

  constructor(
    private readonly dataSource: DataSource,
    metrics: Metrics,
    private readonly jobs: PeriodicJobs,
    { client: redis }: RedisConnection,
    @Inject(CONFIG) config: Config,
  ) {
    this.keyed = keyedDigest(config.secrets.passwordPepper, 'limits');
    this.inDatabase = redis === null;
    this.limits = new Map(
      POLICY_NAMES.map((name) => {
        const applied = policy(name, config.rateLimitFactor);
        const counters =
          redis === null ? postgresCounters(dataSource, applied) : redisCounters(redis, dataSource, applied);
        return [name, { policy: applied, counters }];
      }),
    );
    this.refusals = new Counter({
      name: 'sealgate_rate_limited_total',
      help: 'Requests refused with 429 by policy.',
      labelNames: ['policy'],
      registers: [metrics.registry],
    });
  }

  onModuleInit(): void {
    this.jobs.every(SWEEP_MINUTES, 'sweep-rate-limits', (db) =>
      // The store's own clock is the machine's, and so is the sweep's.
      deleteWhere(db, 'rate_limits', 'expire < $1', [Date.now()]),
    );
  }

  /** @throws RateLimited where the quota is spent; counts nothing. */
  async requireLeft(name: PolicyName, key: string): Promise<void> {
    const count = await this.read(name, key);
    if (this.isSpent(name, count)) throw this.refusal(name, count);
  }

  /** Counts one. @throws RateLimited where the quota was spent before. */
  async spend(name: PolicyName, key: string): Promise<void> {
    const count = await this.add(name, key);
    if (this.isExceeded(name, count)) throw this.refusal(name, count);
  }

  add(name: PolicyName, key: string): Promise<Count> {
    return this.of(name).counters.add(this.digest(key));
  }

  read(name: PolicyName, key: string): Promise<Count> {
    return this.of(name).counters.read(this.digest(key));
  }

  /** @param asked one key for each policy. */
  async readAll(asked: ReadonlyMap<PolicyName, string>): Promise<Map<PolicyName, Count>> {
    const wanted = [...asked].map(([name, key]) => ({ ...this.of(name), key: this.digest(key) }));
    if (this.inDatabase) return readPostgresCounters(this.dataSource, wanted);
    const found = wanted.map(
      async ({ policy: { name }, counters, key }) => [name, await counters.read(key)] as const,
    );
    return new Map(await Promise.all(found));
  }

  forget(name: PolicyName, key: string): Promise<void> {
    return this.of(name).counters.forget(this.digest(key));
  }

  /** Nothing is left: the next one is refused. */
  isSpent(name: PolicyName, { used }: Count): boolean {
    return used >= this.of(name).policy.quota;
  }

  /** More was counted than the quota allows: this one is refused. */
  isExceeded(name: PolicyName, { used }: Count): boolean {
    return used > this.of(name).policy.quota;
  }

  /** @param told the policy that the client is told of. */
  refusal(told: PolicyName, { resetSeconds }: Pick<Count, 'resetSeconds'>): RateLimited {
    this.refusals.inc({ policy: told });
    return new RateLimited(rateLimitFields({ ...this.of(told).policy, remaining: 0, resetSeconds }));
  }

  /** Addresses, known or not, stay out of the table. */
  private digest(key: string): string {
    return this.keyed(key).toString('base64url');
  }

  private of(name: PolicyName): { policy: Policy; counters: Counters } {
    const limit = this.limits.get(name);
    if (limit === undefined) throw new TypeError(`no policy ${name}`);
    return limit;
  }
}
