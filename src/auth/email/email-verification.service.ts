import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { Unauthenticated } from '../../common/problem/common.errors.js';
import { networkOf } from '../../limits/core/network.js';
import { Limits } from '../../limits/limits.service.js';
import { MailOutbox } from '../../mail/mail-outbox.service.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { InvalidToken } from '../auth.errors.js';
import { EmailChangeService } from './email-change.service.js';
import { MailTokens, type TokenOwner } from './mail-tokens.service.js';

/** Finds out by mail whether an address is its account's own. */
@Injectable()
export class EmailVerification {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly tokens: MailTokens,
    private readonly outbox: MailOutbox,
    private readonly change: EmailChangeService,
    private readonly limits: Limits,
    private readonly log: SecurityLog,
  ) {}

  async sendLink(tx: EntityManager, owner: TokenOwner): Promise<void> {
    const { token, expiresAt } = await this.tokens.issue(tx, 'verify_email', owner);
    await this.outbox.enqueue(tx, owner.email, { kind: 'verify_email', token }, expiresAt);
  }

  /** Another link, where there is something to verify. @throws RateLimited */
  async resend(userId: string): Promise<void> {
    const user = await this.accounts.findActive(userId);
    if (user === null) throw new Unauthenticated();
    const { email, emailVerifiedAt } = user;
    if (email === null || emailVerifiedAt !== null) return;
    await this.limits.spend('verify-resend', userId);
    await this.dataSource.transaction((tx) => this.sendLink(tx, { userId, email }));
  }

  /**
   * Of the account's address, or of the one that it is to have.
   * @param caller who is signed in where the link was opened. Only the account itself gets a role with its address: a
   * stranger may have registered with it, and its owner clicks on what comes from us.
   * @throws InvalidToken also where the account has another address by now; EmailTaken; RateLimited
   */
  async verify(token: string, client: ClientInfo, caller: Pick<Principal, 'userId'> | null): Promise<void> {
    const network = networkOf(client.ip);
    await this.limits.requireLeft('mail-token-ip', network);
    const isValid = await this.dataSource.transaction((tx) => this.burn(tx, token, client, caller));
    if (isValid) return;
    await this.limits.spend('mail-token-ip', network);
    throw new InvalidToken();
  }

  /** Marks the address that a link of any kind was sent to: whoever has the link reads that mail. */
  async confirm(tx: EntityManager, { userId, email }: TokenOwner, client: ClientInfo): Promise<void> {
    if (await this.accounts.verifyEmail(tx, userId, email))
      await this.log.record(tx, { type: 'email_verified', userId, client });
  }

  private async burn(
    tx: EntityManager,
    token: string,
    client: ClientInfo,
    caller: Pick<Principal, 'userId'> | null,
  ): Promise<boolean> {
    for (const purpose of ['verify_email', 'change_email'] as const) {
      const found = await this.tokens.find(tx, purpose, token);
      if (found === null) continue;
      // The account before its tokens, as everybody who changes both. A changed address has revoked them.
      const sql = 'SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE';
      await tx.query(sql, [found.userId]);
      const owner = await this.tokens.burn(tx, purpose, token);
      if (owner === null) return false;
      if (purpose === 'verify_email') await this.confirm(tx, owner, client);
      else if (!(await this.change.confirm(tx, owner, client))) return false;
      if (caller?.userId === owner.userId) await this.accounts.promoteFirst(tx, owner.userId, owner.email);
      return true;
    }
    return false;
  }
}
