import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SecurityLog } from '../security-log/security-log.service.js';
import { AccountChanges, type Actor } from './account-changes.service.js';
import { AccountDeletion } from './account-deletion.service.js';
import { accountTransaction, lockAccount, refuseLastAdmin, requireActiveAdmin } from './account-lock.js';
import { AccountsService } from './accounts.service.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { UserEntity } from './user.entity.js';
import type { CreateUserBody, UpdateUserBody } from './users.dto.js';

/** What admins do with others' accounts. */
@Injectable()
export class UserAdministration {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly changes: AccountChanges,
    private readonly deletion: AccountDeletion,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly securityLog: SecurityLog,
  ) {}

  /** @throws UsernameTaken, EmailTaken, WeakPassword */
  async create(
    actor: Actor,
    { username, email, displayName, role, password }: CreateUserBody,
  ): Promise<UserEntity> {
    if (password !== undefined)
      this.policy.require(password, { username, email, displayName: displayName ?? null });
    const hashed = password === undefined ? null : await this.hasher.hash(password, actor.userId);
    return this.dataSource.transaction(async (tx) => {
      const user = await this.accounts.create(tx, {
        username,
        email,
        emailVerified: false,
        displayName: displayName ?? username,
        role: role ?? 'user',
      });
      if (hashed !== null) await this.accounts.setPassword(tx, user.id, hashed);
      await this.securityLog.record(tx, {
        type: 'account_registered',
        userId: user.id,
        details: { by: actor.userId },
      });
      return user;
    });
  }

  /** @throws NotFound, Forbidden, LastAdmin, UsernameTaken, EmailTaken */
  async update(actor: Actor, userId: string, body: UpdateUserBody): Promise<UserEntity> {
    const { user, afterCommit } = await accountTransaction(this.dataSource, async (tx) => {
      const locked = await lockAccount(tx, userId);
      const stays = (body.role ?? locked.user.role) === 'admin' && body.suspended !== true;
      if (!stays) refuseLastAdmin(locked);
      requireActiveAdmin(locked, actor.userId);
      const effect = await this.changes.apply(tx, locked.user, body, actor);
      return { user: await reload(tx, userId), afterCommit: effect };
    });
    afterCommit();
    return user;
  }

  /** @throws NotFound, Forbidden, LastAdmin */
  async delete(actor: Actor, userId: string): Promise<void> {
    const afterCommit = await accountTransaction(this.dataSource, async (tx) => {
      const locked = await lockAccount(tx, userId);
      refuseLastAdmin(locked);
      requireActiveAdmin(locked, actor.userId);
      return this.deletion.delete(tx, locked.user, actor.userId);
    });
    afterCommit();
  }
}

function reload(tx: EntityManager, userId: string): Promise<UserEntity> {
  return tx.getRepository(UserEntity).findOneByOrFail({ id: userId });
}
