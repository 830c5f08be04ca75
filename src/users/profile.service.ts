import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { Unauthenticated, ValidationFailed } from '../common/problem/common.errors.js';
import { AccountChanges, type Actor } from './account-changes.service.js';
import { AccountDeletion } from './account-deletion.service.js';
import { accountTransaction, lockAccount, lockOwnAccount, refuseLastAdmin } from './account-lock.js';
import { AccountsService } from './accounts.service.js';
import { IdentityProof, type Proof } from './identity-proof.js';
import type { ProofBody, UpdateProfileBody } from './profile.dto.js';
import type { UserEntity } from './user.entity.js';

/** What people do with their own account. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly changes: AccountChanges,
    private readonly deletion: AccountDeletion,
    private readonly modules: ModuleRef,
  ) {}

  /** @throws Unauthenticated where the account has gone since the session was looked at. */
  async get(userId: string): Promise<UserEntity> {
    const user = await this.accounts.findActive(userId);
    if (user === null) throw new Unauthenticated();
    return user;
  }

  /** @throws EmailTaken, and what {@link IdentityProof.prove} throws where the address changes. */
  async update(actor: Actor, body: UpdateProfileBody): Promise<UserEntity> {
    const { displayName, avatarUrl, email } = body;
    if (email !== undefined && email !== (await this.get(actor.userId)).email) await this.prove(actor, body);
    const afterCommit = await accountTransaction(this.dataSource, async (tx) => {
      const user = await lockOwnAccount(tx, actor.userId);
      return this.changes.apply(tx, user, { displayName, avatarUrl, email }, actor);
    });
    afterCommit();
    return this.get(actor.userId);
  }

  /** @throws LastAdmin, and what {@link IdentityProof.prove} throws. */
  async delete(actor: Actor, body: ProofBody): Promise<void> {
    await this.prove(actor, body);
    const afterCommit = await accountTransaction(this.dataSource, async (tx) => {
      const locked = await lockAccount(tx, actor.userId);
      refuseLastAdmin(locked);
      return this.deletion.delete(tx, locked.user, actor.userId);
    });
    afterCommit();
  }

  private async prove({ userId, client }: Actor, { password, code }: ProofBody): Promise<void> {
    if ((password === undefined) === (code === undefined))
      throw new ValidationFailed([
        { pointer: '/password', detail: 'exactly one of password and code is needed' },
      ]);
    const proof: Proof = password === undefined ? { code: code ?? '' } : { password };
    // Looked up here and not injected: the sign-in module stands above this one.
    await this.modules.get(IdentityProof, { strict: false }).prove(userId, proof, client);
  }
}
