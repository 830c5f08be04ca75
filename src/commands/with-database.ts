import type { DataSource } from 'typeorm';
import { migrations } from '../../prisma-free-migrations/index.js';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config.errors.js';
import { loadConfig } from '../config/load-config.js';
import type { Environment } from '../config/variables.js';
import { createDataSource } from '../database/data-source.js';
import { borrowEmbeddedPostgres } from '../database/embedded/borrow-postgres.js';
import { entities } from '../entities.js';

/** The server's settings and database, for a command that runs beside the server or without it. */
export interface OpenDatabase {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly url: string;
}

/**
 * Opens the server's database for `work` and closes it afterwards, the embedded one too where it had to be started.
 * @throws ConfigError where the settings are not those of the server, or the schema is of another version.
 */
export async function withDatabase<T>(
  environment: Environment,
  work: (open: OpenDatabase) => Promise<T>,
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
    return await work({ config, dataSource, url: server.url });
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await server.stop();
  }
}
