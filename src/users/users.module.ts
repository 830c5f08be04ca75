import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { AccountHooks } from './account-hooks.js';

/** Accounts, profiles, the directory, and the admins' CRUD. */
@Module({
  imports: [CryptoModule],
  providers: [AccountHooks],
  exports: [AccountHooks],
})
export class UsersModule {}
