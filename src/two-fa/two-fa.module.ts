import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { SecondFactorAttempts } from './second-factor-attempts.js';
import { TwoFactorService } from './two-factor.service.js';

/** TOTP, recovery codes and the lock of the second step. */
@Module({
  imports: [CryptoModule],
  providers: [TwoFactorService, SecondFactorAttempts, RecoveryCodes],
  exports: [TwoFactorService],
})
export class TwoFaModule {}
