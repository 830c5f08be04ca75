import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClientInfo } from '../common/http/client-info.js';
import type { Principal } from '../common/http/principal.js';
import { RecentProof } from '../common/http/recent-proof.js';
import { Unauthenticated, ValidationFailed } from '../common/problem/common.errors.js';
import { AccountChanges } from './account-changes.service.js';
import { AccountDeletion } from './account-deletion.service.js';
import { accountTransaction, lockAccount, lockOwnAccount, refuseLastAdmin } from './account-lock.js';
import { AccountsService } from './accounts.service.js';
import { EmailChange } from './email-change.js';
import { IdentityProof, type Proof } from './identity-proof.js';
import type { ProofBody, UpdateProfileBody } from './profile.dto.js';
import type { UserEntity } from './user.entity.js';

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
    private readonly emailChange: EmailChange,
    private readonly identity: IdentityProof,
    private readonly recentProof: RecentProof,
  ) {}

  /** @throws Unauthenticated where the account has gone since the session was looked at. */
  async get(userId: string): Promise<UserEntity> {
    const user = await this.accounts.findActive(userId);
    if (user === null) throw new Unauthenticated();
    return user;
  }

  /**
   * A new address only waits: it counts once its owner has answered.
   * @throws EmailTaken, RateLimited, and what {@link IdentityProof.prove} throws where the address is to change.
   */
  async update({ principal, client }: Self, body: UpdateProfileBody): Promise<UserEntity> {
    const { userId } = principal;
    const { displayName, avatarUrl, email } = body;
    if (email !== undefined && email !== (await this.get(userId)).email) {
      await this.prove({ principal, client }, body);
      await this.emailChange.ask(userId, email, client);
    }
    const afterCommit = await accountTransaction(this.dataSource, async (tx) => {
      const user = await lockOwnAccount(tx, userId);
      return this.changes.apply(tx, user, { displayName, avatarUrl }, { userId, client });
    });
    afterCommit();
    return this.get(userId);
  }

  /** The address that is to be the account's once its owner has answered, or null. */
  pendingEmail(userId: string): Promise<string | null> {
    return this.emailChange.pending(userId);
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

  /** @throws ValidationFailed without a proof; ReauthenticationRequired where only a round trip to 42 can be one. */
  private async prove({ principal, client }: Self, { password, code }: ProofBody): Promise<void> {
    if (password === undefined && code === undefined) {
      if (await this.recentProof.isRecent(principal, '42')) return;
      if (!(await this.identity.isPossible(principal.userId))) await this.recentProof.require(principal);
    }
    if ((password === undefined) === (code === undefined))
      throw new ValidationFailed([
        { pointer: '/password', detail: 'exactly one of password and code is needed' },
      ]);
    const proof: Proof = password === undefined ? { code: code ?? '' } : { password };
    await this.identity.prove(principal.userId, proof, client);
  }
}
