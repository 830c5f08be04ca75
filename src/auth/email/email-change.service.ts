import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow } from '../../database/rows.js';
import { Limits } from '../../limits/limits.service.js';
import { MailOutbox } from '../../mail/mail-outbox.service.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { lockOwnAccount } from '../../users/account-lock.js';
import { AccountsService } from '../../users/accounts.service.js';
import { EmailChange } from '../../users/email-change.js';
import { EmailTaken } from '../../users/users.errors.js';
import { deviceName } from '../sessions/device-name.js';
import { MailTokens, type TokenOwner } from './mail-tokens.service.js';

/**
 * Another address for somebody who has proven who they are. Until its owner follows the link, the old one counts: a
 * slip of the keyboard locks nobody out, and nobody's address stands on an account of others. The old one hears of it
 * before it happens and when it has.
 */
@Injectable()
export class EmailChangeService extends EmailChange {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly tokens: MailTokens,
    private readonly outbox: MailOutbox,
    private readonly limits: Limits,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** An earlier wish is forgotten: the newest link alone works. */
  async ask(userId: string, email: string, client: ClientInfo): Promise<void> {
    await this.limits.spend('email-change', userId);
    await this.dataSource.transaction(async (tx) => {
      const user = await lockOwnAccount(tx, userId);
      if ((await firstRow(tx, 'SELECT 1 FROM users WHERE email = $1', [email])) !== null)
        throw new EmailTaken();
      await this.tokens.revoke(tx, userId, 'change_email');
      const { token, expiresAt } = await this.tokens.issue(tx, 'change_email', { userId, email });
      await this.outbox.enqueue(tx, email, { kind: 'change_email', token }, expiresAt);
      await this.tell(tx, user.email, 'email_change_requested', client);
      await this.log.record(tx, { type: 'email_change_requested', userId, client });
    });
  }

  async pending(userId: string): Promise<string | null> {
    return (await this.tokens.pendingChange(this.dataSource, userId))?.email ?? null;
  }

  /**
   * The new address has answered; the account is locked. Links to the old one die: a reset link there would open the
   * account to whoever has it now.
   * @throws EmailTaken where somebody else was faster.
   */
  async confirm(tx: EntityManager, { userId, email }: TokenOwner, client: ClientInfo): Promise<boolean> {
    const from = await this.accounts.replaceEmail(tx, userId, email);
    if (from === undefined) return false;
    await this.tokens.revoke(tx, userId);
    await this.tell(tx, from, 'email_changed', client);
    await this.log.record(tx, { type: 'email_changed', userId, client, details: { by: 'self' } });
    return true;
  }

  private async tell(
    tx: EntityManager,
    to: string | null,
    kind: 'email_change_requested' | 'email_changed',
    { ip, userAgent }: ClientInfo,
  ): Promise<void> {
    if (to === null) return;
    const occasion = { at: this.clock.now().toISOString(), device: deviceName(userAgent), ip };
    await this.outbox.enqueue(tx, to, { kind, occasion });
  }
}
