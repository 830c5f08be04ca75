import type { DataSource } from 'typeorm';
import { createLogger } from '../common/logging.js';
import { SystemClock } from '../common/time/clock.js';
import type { Config } from '../config/config.js';
import type { Environment } from '../config/variables.js';
import { SecretBox } from '../crypto/at-rest/secret-box.js';
import { KeyRing } from '../crypto/key-ring/key-ring.service.js';
import { ServerKeyStore } from '../crypto/key-ring/server-key-store.js';
import { NotificationBus } from '../database/notification-bus.js';
import { withDatabase, type OpenDatabase } from './with-database.js';

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
  return withDatabase(environment, async (open) => work(await gather(open)));
}

async function gather({ config, dataSource, url }: OpenDatabase): Promise<KeyTools> {
  const clock = new SystemClock();
  const box = new SecretBox(config.secrets.masterKey, config.secrets.masterKeyPrevious);
  // Never started: a command tells the replicas and need not hear them.
  const bus = new NotificationBus(url, createLogger('silent'));
  const store = new ServerKeyStore(dataSource, bus, clock, box);
  const ring = new KeyRing(store, bus, clock);
  await ring.onModuleInit();
  return { config, dataSource, box, store, ring };
}
