import { RateLimiterPostgres, type RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { ServiceUnavailable } from '../common/problem/common.errors.js';
import type { Policy } from './policies.js';

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

/** Counters in the database, shared by all replicas; another store would be a function of this shape. */
export function postgresCounters(dataSource: DataSource, { name, quota, windowSeconds }: Policy): Counters {
  const limiter = new RateLimiterPostgres({
    storeClient: dataSource,
    storeType: 'typeorm',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: quota,
    duration: windowSeconds,
  });
  return {
    add: (key) => orUnavailable(async () => toCount(await limiter.penalty(key), windowSeconds)),
    read: (key) => orUnavailable(async () => toCount(await limiter.get(key), windowSeconds)),
    forget: (key) => orUnavailable(async () => void (await limiter.delete(key))),
  };
}

function toCount(found: RateLimiterRes | null, windowSeconds: number): Count {
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
