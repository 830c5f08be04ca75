import { Module, type DynamicModule } from '@nestjs/common';
import { migrations } from '../prisma-free-migrations/index.js';
import { AuthModule } from './auth/auth.module.js';
import { CommonModule } from './common/common.module.js';
import { createLogger, type Logger } from './common/logging.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { MasterKeyCheck, SEALED_COLUMNS } from './crypto/at-rest/master-key-check.js';
import { SecretBox } from './crypto/at-rest/secret-box.js';
import { CryptoModule } from './crypto/crypto.module.js';
import { DatabaseModule } from './database/database.module.js';
import { PeriodicJobsModule } from './database/periodic-jobs.js';
import { entities } from './entities.js';
import { HealthModule } from './health/health.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { MailModule } from './mail/mail.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { OpenApiModule } from './open-api/open-api.module.js';
import { sealedColumns } from './sealed-columns.js';
import { SecurityLogModule } from './security-log/security-log.module.js';
import { UsersModule } from './users/users.module.js';

/** The composition root: the only place that knows every module. */
@Module({})
export class AppModule {
  static forRoot(config: Config, logger: Logger = createLogger(config.logLevel)): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        CommonModule.forRoot(logger),
        DatabaseModule.forRoot({ entities, migrations }),
        PeriodicJobsModule,
        SecurityLogModule,
        LimitsModule,
        MailModule.forRoot(CryptoModule, SecretBox),
        CryptoModule,
        UsersModule,
        AuthModule,
        MessagesModule,
        HealthModule,
        OpenApiModule,
      ],
      providers: [{ provide: SEALED_COLUMNS, useValue: sealedColumns }, MasterKeyCheck],
    };
  }
}
