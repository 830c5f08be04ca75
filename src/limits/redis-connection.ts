import { createRequire } from 'node:module';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { LOGGER, type Logger } from '../common/logging.js';
import { Metrics } from '../common/metrics.js';
import { CONFIG, type Config } from '../config/config.js';

const require = createRequire(import.meta.url);

/** A command that takes longer counts as failed, and the connection as lost: the database counts meanwhile. */
const ANSWER_MS = 500;
const RECONNECT_MS = 1_000;

/** The one connection to Redis, where `REDIS_URL` asks for one. It may be lost at any time; nobody waits for it. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  readonly client: Redis | null;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.client = config.redisUrl === null ? null : this.connect(config.redisUrl);
    if (this.client !== null)
      metrics.gauge('sealgate_redis_up', '1 while Redis answers; else the database keeps the limits.', () =>
        Number(this.isReady()),
      );
  }

  isReady(): boolean {
    return this.client?.status === 'ready';
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  private connect(url: string): Redis {
    // Loaded only where there is a Redis.
    const { Redis: Client } = require('ioredis') as typeof import('ioredis');
    const client = new Client(url, {
      connectionName: 'sealgate',
      connectTimeout: ANSWER_MS,
      commandTimeout: ANSWER_MS,
      // A Redis that hangs is left, so that only the first of many callers waits for it.
      socketTimeout: ANSWER_MS,
      // What cannot be sent now is asked of the database now; sent later, it would be counted twice.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => RECONNECT_MS,
    });
    let isLost = false;
    client.on('ready', () => {
      if (isLost) this.logger.info('Redis is back and keeps the limits');
      isLost = false;
    });
    client.on('error', (error: Error) => {
      if (!isLost) this.logger.warn({ err: error }, 'Redis is lost: the database keeps the limits');
      isLost = true;
    });
    return client;
  }
}
