import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DataSource } from 'typeorm';
import type { ClientInfo } from '../common/http/client-info.js';
import type { Principal } from '../common/http/principal.js';
import { Unauthenticated, ValidationFailed } from '../common/problem/common.errors.js';
import { Clock } from '../common/time/clock.js';
import { AccountChanges } from './account-changes.service.js';
import { AccountDeletion } from './account-deletion.service.js';
import { accountTransaction, lockAccount, lockOwnAccount, refuseLastAdmin } from './account-lock.js';
import { AccountsService } from './accounts.service.js';
import { IdentityProof, type Proof } from './identity-proof.js';
import type { ProofBody, UpdateProfileBody } from './profile.dto.js';
import type { UserEntity } from './user.entity.js';

/** How long a round trip to 42 proves who somebody is, for those who have neither password nor second step. */
const FRESH_SECONDS = 5 * 60;

/** The person themselves, and from where. */
export interface Self {
  readonly principal: Principal;
  readonly client: ClientInfo;
}

/** What people do with their own account. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly changes: AccountChanges,
    private readonly deletion: AccountDeletion,
    private readonly modules: ModuleRef,
    private readonly clock: Clock,
  ) {}

  /** @throws Unauthenticated where the account has gone since the session was looked at. */
  async get(userId: string): Promise<UserEntity> {
    const user = await this.accounts.findActive(userId);
    if (user === null) throw new Unauthenticated();
    return user;
  }

  /** @throws EmailTaken, and what {@link IdentityProof.prove} throws where the address changes. */
  async update({ principal, client }: Self, body: UpdateProfileBody): Promise<UserEntity> {
    const { userId } = principal;
    const { displayName, avatarUrl, email } = body;
    if (email !== undefined && email !== (await this.get(userId)).email)
      await this.prove({ principal, client }, body);
    const afterCommit = await accountTransaction(this.dataSource, async (tx) => {
      const user = await lockOwnAccount(tx, userId);
      return this.changes.apply(tx, user, { displayName, avatarUrl, email }, { userId, client });
    });
    afterCommit();
    return this.get(userId);
  }

  /** @throws LastAdmin, and what {@link IdentityProof.prove} throws. */
  async delete(self: Self, body: ProofBody): Promise<void> {
    await this.prove(self, body);
    const { userId } = self.principal;
    const afterCommit = await accountTransaction(this.dataSource, async (tx) => {
      const locked = await lockAccount(tx, userId);
      refuseLastAdmin(locked);
      return this.deletion.delete(tx, locked.user, userId);
    });
    afterCommit();
  }

  private async prove({ principal, client }: Self, { password, code }: ProofBody): Promise<void> {
    if (password === undefined && code === undefined && this.isFreshFrom42(principal)) return;
    if ((password === undefined) === (code === undefined))
      throw new ValidationFailed([
        { pointer: '/password', detail: 'exactly one of password and code is needed' },
      ]);
    const proof: Proof = password === undefined ? { code: code ?? '' } : { password };
    // Looked up here and not injected: the sign-in module stands above this one.
    await this.modules.get(IdentityProof, { strict: false }).prove(principal.userId, proof, client);
  }

  private isFreshFrom42({ amr, authTime }: Principal): boolean {
    return amr.includes('42') && this.clock.epochSeconds() - authTime <= FRESH_SECONDS;
  }
}
