import { DataSource, type DataSourceOptions } from 'typeorm';
import { PoolConnections } from './pool-connections.js';
import { SnakeNaming } from './snake-naming.js';

/** What the composition root knows and this folder does not: the features' tables. */
export interface Schema {
  entities: NonNullable<DataSourceOptions['entities']>;
  migrations: NonNullable<DataSourceOptions['migrations']>;
}

/** The one pool of a process. A statement that runs longer than its limit is a fault, not a wait. */
export function createDataSource(
  url: string,
  poolSize: number,
  schema: Schema,
  connections = new PoolConnections(),
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: schema.entities,
    migrations: schema.migrations,
    migrationsTableName: 'schema_migrations',
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    logging: false,
    parseInt8: true,
    applicationName: 'sealgate',
    extra: {
      Client: connections.Client,
      max: poolSize,
      // For transactions that send several statements at once; everybody else waits for each answer.
      pipeline: true,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
    },
  });
}
