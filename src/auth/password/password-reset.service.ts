import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { rows } from '../../database/rows.js';
import { networkOf } from '../../limits/core/network.js';
import { Limits } from '../../limits/limits.service.js';
import { SignInLimits } from '../../limits/sign-in-limits.service.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { PasswordHasher, type HashedPassword } from '../../users/passwords/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { UserEntity } from '../../users/user.entity.js';
import { InvalidToken } from '../auth.errors.js';
import { EmailVerification } from '../email/email-verification.service.js';
import { MailTokens } from '../email/mail-tokens.service.js';
import { SessionsService } from '../sessions/sessions.service.js';

/** The second half of a reset: a new password for whoever reads the account's mail. No session begins here. */
@Injectable()
export class PasswordReset {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly tokens: MailTokens,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly sessions: SessionsService,
    private readonly verification: EmailVerification,
    private readonly limits: Limits,
    private readonly signInLimits: SignInLimits,
    private readonly log: SecurityLog,
  ) {}

  /**
   * All sessions end, other links work no more (also one to an address that a thief has asked for), and the address counts as verified. The second step stays as it is,
   * its lock too. A password that is too weak leaves the token for another try.
   * @throws InvalidToken, WeakPassword, RateLimited
   */
  async reset(token: string, next: string, client: ClientInfo): Promise<void> {
    const network = networkOf(client.ip);
    await this.limits.requireLeft('mail-token-ip', network);
    const user = await this.ownerOf(token);
    if (user === null) {
      await this.limits.spend('mail-token-ip', network);
      throw new InvalidToken();
    }
    this.policy.require(next, user, '/newPassword');
    const hashed = await this.hasher.hash(next, network);
    await this.sessions.afterCommit((tx) => this.replace(tx, user.id, token, hashed, client));
    // Strangers may have locked the account for new places: its owner comes back in from here.
    if (user.email !== null) await this.signInLimits.vouch({ email: user.email, ip: client.ip });
  }

  private async ownerOf(token: string): Promise<UserEntity | null> {
    const owner = await this.tokens.find(this.dataSource, 'reset_password', token);
    return owner === null ? null : this.accounts.findActive(owner.userId);
  }

  /** @throws InvalidToken where it was spent, or the account suspended or given another address, meanwhile. */
  private async replace(
    tx: EntityManager,
    userId: string,
    token: string,
    hashed: HashedPassword,
    client: ClientInfo,
  ): Promise<string[]> {
    // The account before its tokens, as everybody who changes both: nobody waits in a circle.
    const user = await tx.getRepository(UserEntity).findOne({
      where: { id: userId, deletedAt: IsNull(), suspendedAt: IsNull() },
      lock: { mode: 'for_no_key_update' },
    });
    const owner = user === null ? null : await this.tokens.burn(tx, 'reset_password', token);
    if (owner === null || owner.email !== user?.email) throw new InvalidToken();
    // Also where the address is verified but somebody else may have opened the link: with it comes the role.
    const brings = user.role === 'user' && this.accounts.isFirstAdmin(owner.email);
    if (user.emailVerifiedAt === null || brings) await this.unlinkAll(tx, userId, client);
    await this.accounts.setPassword(tx, userId, hashed);
    await this.tokens.revoke(tx, userId, 'reset_password', 'change_email');
    await this.verification.confirm(tx, owner, client);
    await this.accounts.promoteFirst(tx, userId, owner.email);
    await this.log.record(tx, { type: 'password_reset', userId, client });
    return this.sessions.endAll(tx, userId, 'password_reset');
  }

  /**
   * Until now nobody had shown that the address is theirs: whoever registered with somebody else's and linked an
   * account of their own elsewhere must not come back in that way once its owner has taken over.
   */
  private async unlinkAll(tx: EntityManager, userId: string, client: ClientInfo): Promise<void> {
    const sql = 'DELETE FROM identities WHERE user_id = $1 RETURNING provider';
    for (const { provider } of await rows<{ provider: string }>(tx, sql, [userId]))
      await this.log.record(tx, { type: 'identity_unlinked', userId, client, details: { provider } });
  }
}
