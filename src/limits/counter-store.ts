import type { Redis } from 'ioredis';
import {
  RateLimiterPostgres,
  RateLimiterRedis,
  type RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { ServiceUnavailable } from '../common/problem/common.errors.js';
import { prepared, rows } from '../database/rows.js';
import type { Policy, PolicyName } from './policies.js';

/** How often something happened in the window that runs. */
export interface Count {
  readonly used: number;
  /** Until the window ends. */
  readonly resetSeconds: number;
}

/** The counters of one policy. Every failure is a {@link ServiceUnavailable}: a limit that cannot count refuses. */
export interface Counters {
  /** Adds one, in one statement: of any number at once, each gets a number of its own. */
  add(key: string): Promise<Count>;
  read(key: string): Promise<Count>;
  forget(key: string): Promise<void>;
}

const RETRY_AFTER_SECONDS = 2;

/** Counters in the database, shared by all replicas. */
export function postgresCounters(dataSource: DataSource, policy: Policy): Counters {
  return countersOf(postgresLimiter(dataSource, policy), policy);
}

/** Reads counters of several policies in one statement: the rows of {@link postgresCounters}, by their keys. */
export async function readPostgresCounters(
  dataSource: DataSource,
  wanted: readonly { policy: Policy; key: string }[],
): Promise<Map<PolicyName, Count>> {
  const policies = new Map(wanted.map(({ policy, key }) => [`${policy.name}:${key}`, policy]));
  const now = Date.now();
  const found = await orUnavailable(() => rows<CounterRow>(dataSource, READ, [[...policies.keys()], now]));
  const states = new Map(
    found.map(({ key, points, expire }) => [key, { consumedPoints: points, msBeforeNext: expire - now }]),
  );
  return new Map(
    [...policies].map(([key, policy]) => [
      policy.name,
      toCount(states.get(key) ?? null, policy.windowSeconds),
    ]),
  );
}

interface CounterRow {
  readonly key: string;
  readonly points: number;
  /** Milliseconds since the epoch. */
  readonly expire: number;
}

const READ = prepared(
  'read-counters',
  'SELECT key, points, expire FROM rate_limits WHERE key = ANY($1::text[]) AND expire > $2',
);

/**
 * Counters in Redis. While it does not answer, those of the database take over: they begin anew, so that an attacker
 * who brings Redis down gains one quota more and never an open door.
 */
export function redisCounters(redis: Redis, dataSource: DataSource, policy: Policy): Counters {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: postgresLimiter(dataSource, policy),
    keyPrefix: `sealgate:${policy.name}`,
    points: policy.quota,
    duration: policy.windowSeconds,
  });
  return countersOf(limiter, policy);
}

function postgresLimiter(
  dataSource: DataSource,
  { name, quota, windowSeconds }: Policy,
): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: dataSource,
    storeType: 'typeorm',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: quota,
    duration: windowSeconds,
  });
}

function countersOf(limiter: RateLimiterStoreAbstract, { windowSeconds }: Policy): Counters {
  return {
    add: (key) => orUnavailable(async () => toCount(await limiter.penalty(key), windowSeconds)),
    read: (key) => orUnavailable(async () => toCount(await limiter.get(key), windowSeconds)),
    forget: (key) => orUnavailable(async () => void (await limiter.delete(key))),
  };
}

function toCount(
  found: Pick<RateLimiterRes, 'consumedPoints' | 'msBeforeNext'> | null,
  windowSeconds: number,
): Count {
  if (found === null) return { used: 0, resetSeconds: windowSeconds };
  return { used: found.consumedPoints, resetSeconds: found.msBeforeNext / 1000 };
}

async function orUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new ServiceUnavailable(RETRY_AFTER_SECONDS, error);
  }
}
