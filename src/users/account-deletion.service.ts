import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/time/clock.js';
import { KeysService } from '../crypto/account-keys/keys.service.js';
import { BackupService } from '../crypto/backup/backup.service.js';
import { KnownAddresses } from '../limits/known-addresses.service.js';
import { SecurityLog } from '../security-log/security-log.service.js';
import { AccountHooks, type AfterCommit } from './account-hooks.js';
import { changesAccount } from './changed-accounts.js';
import { IdentityEntity } from './identity.entity.js';
import { PasswordEntity } from './passwords/password.entity.js';
import { RetiredUsernames } from './retired-usernames.service.js';
import { UserEntity } from './user.entity.js';
import { deletedUsername } from './username.js';

/** Takes a person out of the data; what others hold keeps pointing to an empty row. */
@Injectable()
export class AccountDeletion {
  constructor(
    private readonly hooks: AccountHooks,
    private readonly keys: KeysService,
    private readonly backups: BackupService,
    private readonly securityLog: SecurityLog,
    private readonly retired: RetiredUsernames,
    private readonly known: KnownAddresses,
    private readonly clock: Clock,
  ) {}

  /**
   * The account is locked and may go. Its e-mail address is free again, its username never.
   * @param deletedBy an admin, or the person.
   * @returns what the caller runs after its commit.
   */
  async delete(tx: EntityManager, user: UserEntity, deletedBy: string): Promise<AfterCommit> {
    const now = this.clock.now();
    const afterCommit = await this.hooks.ending(tx, user.id, 'deleted');
    await this.keys.erase(tx, user.id);
    await this.backups.erase(tx, user.id);
    await tx.getRepository(PasswordEntity).delete({ userId: user.id });
    await tx.getRepository(IdentityEntity).delete({ userId: user.id });
    await this.retired.retire(tx, user.username);
    if (user.email !== null) await this.known.forgetAccount(tx, user.email);
    changesAccount(tx, user.id);
    await tx.getRepository(UserEntity).update(
      { id: user.id },
      {
        username: deletedUsername(user.id),
        email: null,
        emailVerifiedAt: null,
        displayName: '',
        avatarUrl: null,
        role: 'user',
        suspendedAt: null,
        secondStepSettledAt: null,
        deletedAt: now,
      },
    );
    await this.securityLog.forgetPerson(tx, user.id);
    await this.securityLog.record(tx, {
      type: 'account_deleted',
      userId: user.id,
      details: { by: deletedBy === user.id ? 'self' : deletedBy },
    });
    return afterCommit;
  }
}
