import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { Unauthenticated, ValidationFailed } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow } from '../../database/rows.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { lockOwnAccount } from '../../users/account-lock.js';
import { AccountsService } from '../../users/accounts.service.js';
import { PasswordHasher, type HashedPassword } from '../../users/passwords/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { MailTokens } from '../email/mail-tokens.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CurrentPassword } from './current-password.service.js';

/** A new password for somebody who knows the current one. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly accounts: AccountsService,
    private readonly current: CurrentPassword,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly sessions: SessionsService,
    private readonly tokens: MailTokens,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {}

  /**
   * All other sessions end, and reset links that are still about work no more, nor does the link to an address that
   * was asked for. Who has come through 42 and has no password has no current one either, and sets the first through
   * "forgot password".
   * @throws InvalidCredentials, WeakPassword, RateLimited; ValidationFailed where the new one is the current one
   */
  async change(by: Principal, current: string, next: string, client: ClientInfo): Promise<void> {
    const user = await this.accounts.findActive(by.userId);
    if (user === null) throw new Unauthenticated();
    const old = await this.current.prove(by.userId, current);
    // To a device that was signed out by it, and in the log, it would look like a change.
    if (next.normalize('NFC') === current.normalize('NFC'))
      throw new ValidationFailed([{ pointer: '/newPassword', detail: 'newPassword must be another one' }]);
    this.policy.require(next, user, '/newPassword');
    const hashed = await this.hasher.hash(next, by.userId);
    let isChanged = false;
    await this.sessions.afterCommit(async (tx) => {
      isChanged = await this.replace(tx, by.userId, old, hashed);
      if (!isChanged) return [];
      await this.tokens.revoke(tx, by.userId, 'reset_password', 'change_email');
      await this.log.record(tx, { type: 'password_changed', ...by, client });
      return this.sessions.endAll(tx, by.userId, 'password_changed', by.sessionId);
    });
    // Somebody was faster: a sign-in that renewed the hash, or another change, after which the proof is wrong.
    if (!isChanged) await this.change(by, current, next, client);
  }

  private async replace(
    tx: EntityManager,
    userId: string,
    old: HashedPassword,
    { scheme, hash }: HashedPassword,
  ): Promise<boolean> {
    await lockOwnAccount(tx, userId);
    const sql = `UPDATE passwords SET scheme = $3, hash = $4, updated_at = $5
      WHERE user_id = $1 AND hash = $2 RETURNING 1`;
    return (await firstRow(tx, sql, [userId, old.hash, scheme, hash, this.clock.now()])) !== null;
  }
}
