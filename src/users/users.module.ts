import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { AccountHooks } from './account-hooks.js';
import { AccountsService } from './accounts.service.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy } from './passwords/password-policy.js';

/** Accounts, profiles, the directory, and the admins' CRUD. */
@Module({
  imports: [CryptoModule],
  providers: [AccountHooks, AccountsService, PasswordHasher, PasswordPolicy],
  exports: [AccountHooks, AccountsService, PasswordHasher, PasswordPolicy],
})
export class UsersModule {}
