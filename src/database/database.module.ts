import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER, type Logger } from '../common/logging.js';
import { CONFIG, type Config } from '../config/config.js';
import { createDataSource, type Schema } from './data-source.js';
import { DeadConnections } from './dead-connections.js';
import { DatabaseMetrics } from './database.metrics.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded/embedded-postgres.js';
import { migrate } from './migrate.js';
import { NotificationBus } from './notification-bus.js';
import { PoolConnections } from './pool-connections.js';

/** Where the database is, and how to stop it where it is our child. */
export abstract class DatabaseServer {
  abstract readonly url: string;
  abstract stop(): Promise<void>;
}

/** The data source, migrated, and the bus: the first thing to start and the last to stop. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(DatabaseServer) private readonly server: DatabaseServer,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(NotificationBus) private readonly bus: NotificationBus,
  ) {}

  static forRoot(schema: Schema): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DatabaseServer, inject: [CONFIG, LOGGER], useFactory: findServer },
        PoolConnections,
        {
          provide: DataSource,
          inject: [CONFIG, DatabaseServer, PoolConnections],
          useFactory: async (
            config: Config,
            server: DatabaseServer,
            connections: PoolConnections,
          ): Promise<DataSource> => {
            const dataSource = createDataSource(server.url, config.databasePoolSize, schema, connections);
            try {
              await dataSource.initialize();
              await migrate(dataSource);
              return dataSource;
            } catch (error) {
              if (dataSource.isInitialized) await dataSource.destroy();
              await server.stop();
              throw error;
            }
          },
        },
        {
          provide: NotificationBus,
          inject: [DatabaseServer, DataSource, LOGGER],
          useFactory: (server: DatabaseServer, _migrated: DataSource, logger: Logger) =>
            new NotificationBus(server.url, logger),
        },
        DeadConnections,
        DatabaseMetrics,
      ],
      exports: [DataSource, NotificationBus],
    };
  }

  /** Once every view has registered what it rebuilds, and before the first request. */
  async onApplicationBootstrap(): Promise<void> {
    await this.bus.start();
  }

  /** After the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
    await this.dataSource.destroy();
    await this.server.stop();
  }
}

async function findServer(config: Config, logger: Logger): Promise<DatabaseServer | EmbeddedPostgres> {
  if (config.database.kind === 'url') return { url: config.database.url, stop: async () => undefined };
  return startEmbeddedPostgres({
    dataDir: config.dataDir,
    password: config.secrets.databasePassword ?? '',
    log: (message, details) => logger.info(details ?? {}, message),
  });
}
