import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { KeyGeneration } from './account-keys/key-generation.service.js';
import { KeyMakingTurns } from './account-keys/key-making-turns.js';
import { KeyRegistration } from './account-keys/key-registration.service.js';
import { KeyStatements } from './account-keys/key-statements.service.js';
import { KeysController } from './account-keys/keys.controller.js';
import { KeysService } from './account-keys/keys.service.js';
import { SecretBox } from './at-rest/secret-box.js';
import { BackupController } from './backup/backup.controller.js';
import { BackupService } from './backup/backup.service.js';
import { ConvenienceController } from './convenience/convenience.controller.js';
import { ConvenienceService } from './convenience/convenience.service.js';
import { KeyLogTilesController } from './key-log/key-log-tiles.controller.js';
import { KeyLogTiles } from './key-log/key-log-tiles.service.js';
import { KeyLogController } from './key-log/key-log.controller.js';
import { KeyLog } from './key-log/key-log.service.js';
import { LogSigner } from './key-log/log-signer.service.js';
import { KeyAges } from './key-ring/key-ages.metrics.js';
import { KeyRing } from './key-ring/key-ring.service.js';
import { KeyRotation } from './key-ring/key-rotation.service.js';
import { ServerKeyStore } from './key-ring/server-key-store.js';
import { SealedDispatch } from './sealed/sealed-dispatch.service.js';
import { SealedKeys } from './sealed/sealed-keys.service.js';
import { SealedOpening } from './sealed/sealed-opening.service.js';
import { SealedRequestIds } from './sealed/sealed-request-ids.service.js';
import { SealedRequests } from './sealed/sealed-requests.service.js';
import { SealedController } from './sealed/sealed.controller.js';
import { ServerKeysController } from './server-keys/server-keys.controller.js';

/** The server's keys, secrets at rest, people's public keys, the key log, backups and sealed requests. */
@Module({
  controllers: [
    KeysController,
    BackupController,
    ConvenienceController,
    KeyLogController,
    KeyLogTilesController,
    ServerKeysController,
    SealedController,
  ],
  providers: [
    ServerKeyStore,
    KeyRing,
    KeyRotation,
    KeyAges,
    {
      provide: SecretBox,
      inject: [CONFIG],
      useFactory: ({ secrets }: Config) => new SecretBox(secrets.masterKey, secrets.masterKeyPrevious),
    },
    LogSigner,
    KeyLog,
    KeyLogTiles,
    KeyStatements,
    KeyRegistration,
    KeyGeneration,
    KeyMakingTurns,
    KeysService,
    BackupService,
    ConvenienceService,
    SealedKeys,
    SealedRequestIds,
    SealedOpening,
    SealedDispatch,
    SealedRequests,
  ],
  exports: [KeyRing, SecretBox, KeysService, BackupService],
})
export class CryptoModule {}
