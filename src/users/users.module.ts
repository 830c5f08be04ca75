import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { AccountChanges } from './account-changes.service.js';
import { AccountDeletion } from './account-deletion.service.js';
import { AccountExport } from './account-export.service.js';
import { AccountHooks } from './account-hooks.js';
import { AccountsService } from './accounts.service.js';
import { ActiveAccounts } from './active-accounts.service.js';
import { DirectoryService } from './directory.service.js';
import { KeyHolders } from './key-holders.service.js';
import { HashPoolMetrics } from './passwords/hash-pool.metrics.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { ProfileController } from './profile.controller.js';
import { ProfileService } from './profile.service.js';
import { RetiredUsernames } from './retired-usernames.service.js';
import { UserAdministration } from './user-administration.service.js';
import { UsersController } from './users.controller.js';

/** Accounts, profiles, the directory, and the admins' CRUD. */
@Module({
  imports: [CryptoModule],
  controllers: [ProfileController, UsersController],
  providers: [
    AccountChanges,
    AccountDeletion,
    AccountExport,
    AccountHooks,
    AccountsService,
    ActiveAccounts,
    DirectoryService,
    HashPoolMetrics,
    KeyHolders,
    PasswordHasher,
    PasswordPolicy,
    ProfileService,
    RetiredUsernames,
    UserAdministration,
  ],
  exports: [AccountHooks, AccountsService, ActiveAccounts, KeyHolders, PasswordHasher, PasswordPolicy],
})
export class UsersModule {}
