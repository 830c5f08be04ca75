import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountSecondFactor } from './account-second-factor.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { SecondFactorAttempts } from './second-factor-attempts.js';
import { TwoFactorService } from './two-factor.service.js';

/** TOTP, recovery codes and the lock of the second step. */
@Module({
  imports: [CryptoModule, UsersModule],
  providers: [TwoFactorService, SecondFactorAttempts, RecoveryCodes, AccountSecondFactor],
  exports: [TwoFactorService],
})
export class TwoFaModule {}
