import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { SecretBox } from './at-rest/secret-box.js';
import { KeyRing } from './key-ring/key-ring.service.js';

/** The server's keys, secrets at rest, people's public keys, the key log and backups. */
@Module({
  providers: [
    KeyRing,
    {
      provide: SecretBox,
      inject: [CONFIG],
      useFactory: ({ secrets }: Config) => new SecretBox(secrets.masterKey, secrets.masterKeyPrevious),
    },
  ],
  exports: [KeyRing, SecretBox],
})
export class CryptoModule {}
