import { DataSource } from 'typeorm';
import { migrations } from '../../prisma-free-migrations/index.js';
import { createLogger } from '../common/logging.js';
import { SystemClock } from '../common/time/clock.js';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config.errors.js';
import { loadConfig } from '../config/load-config.js';
import type { Environment } from '../config/variables.js';
import { SecretBox } from '../crypto/at-rest/secret-box.js';
import { KeyRing } from '../crypto/key-ring/key-ring.service.js';
import { ServerKeyStore } from '../crypto/key-ring/server-key-store.js';
import { createDataSource } from '../database/data-source.js';
import { borrowEmbeddedPostgres } from '../database/embedded/borrow-postgres.js';
import { NotificationBus } from '../database/notification-bus.js';
import { entities } from '../entities.js';

/** What a command works with: the server's own classes on the server's own database, and nothing that serves. */
export interface KeyTools {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly box: SecretBox;
  readonly store: ServerKeyStore;
  readonly ring: KeyRing;
}

/**
 * Lends the tools to `work` and puts everything away afterwards, the embedded database too where it had to be started.
 * @throws ConfigError where the settings are not those of the server.
 */
export async function withKeyTools<T>(
  environment: Environment,
  work: (tools: KeyTools) => Promise<T>,
): Promise<T> {
  const config = loadConfig(environment);
  const server =
    config.database.kind === 'url'
      ? { url: config.database.url, stop: async () => undefined }
      : await borrowEmbeddedPostgres({
          dataDir: config.dataDir,
          password: config.secrets.databasePassword ?? '',
        });
  const dataSource = createDataSource(server.url, 2, { entities, migrations });
  try {
    await dataSource.initialize();
    if (await dataSource.showMigrations())
      throw new ConfigError(['the schema of the database is not of this version: start the server first']);
    return await work(await gather(config, dataSource, server.url));
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await server.stop();
  }
}

async function gather(config: Config, dataSource: DataSource, url: string): Promise<KeyTools> {
  const clock = new SystemClock();
  const box = new SecretBox(config.secrets.masterKey, config.secrets.masterKeyPrevious);
  // Never started: a command tells the replicas and need not hear them.
  const bus = new NotificationBus(url, createLogger('silent'));
  const store = new ServerKeyStore(dataSource, bus, clock, box);
  const ring = new KeyRing(store, bus, clock);
  await ring.onModuleInit();
  return { config, dataSource, box, store, ring };
}
