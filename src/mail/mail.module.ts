import { join } from 'node:path';
import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { MailOutbox } from './mail-outbox.service.js';
import { fileTransport, smtpTransport, type MailTransport } from './mail-transport.js';
import { MAIL_TRANSPORT, MailWorker } from './mail-worker.service.js';
import { PayloadSeal } from './payload-seal.js';

/** Mail: an outbox in the database and a worker that empties it, to `SMTP_URL` or into `DATA_DIR/mail`. */
@Global()
@Module({})
export class MailModule {
  /** @param seal a provider of `sealModule` that encrypts what waits. */
  static forRoot(sealModule: Type, seal: Type<PayloadSeal>): DynamicModule {
    return {
      module: MailModule,
      imports: [sealModule],
      providers: [
        { provide: PayloadSeal, useExisting: seal },
        {
          provide: MAIL_TRANSPORT,
          inject: [CONFIG],
          useFactory: ({ smtpUrl, dataDir }: Config): MailTransport =>
            smtpUrl === null ? fileTransport(join(dataDir, 'mail')) : smtpTransport(smtpUrl),
        },
        MailOutbox,
        MailWorker,
      ],
      exports: [MailOutbox, MailWorker],
    };
  }
}
