import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { firstRow } from '../../database/rows.js';
import { MailOutbox } from '../../mail/mail-outbox.service.js';
import {
  AccountHooks,
  type AccountEnd,
  type AccountHook,
  type EmailChange,
} from '../../users/account-hooks.js';
import { deviceName } from '../sessions/device-name.js';
import { EmailVerification } from './email-verification.service.js';
import { MailTokens } from './mail-tokens.service.js';

/** What becomes of links and waiting mail when an account's address changes or the account goes. */
@Injectable()
export class AccountMail implements AccountHook, OnModuleInit {
  readonly name = 'mailLinks';

  constructor(
    private readonly hooks: AccountHooks,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly tokens: MailTokens,
    private readonly outbox: MailOutbox,
    private readonly verification: EmailVerification,
  ) {}

  onModuleInit(): void {
    this.hooks.register(this);
  }

  /** Links to the old address die: a reset link there would open the account to whoever has it now. */
  async emailChanged(tx: EntityManager, { userId, from, to, client }: EmailChange): Promise<void> {
    await this.tokens.revoke(tx, userId);
    await this.verification.sendLink(tx, { userId, email: to });
    if (from === null) return;
    const { ip, userAgent } = client;
    const occasion = { at: this.clock.now().toISOString(), device: deviceName(userAgent), ip };
    await this.outbox.enqueue(tx, from, { kind: 'email_changed', occasion });
  }

  async ending(tx: EntityManager, userId: string, end: AccountEnd): Promise<void> {
    if (end !== 'deleted') return;
    await this.tokens.revoke(tx, userId);
    const sql = 'SELECT email FROM users WHERE id = $1 AND email IS NOT NULL';
    const user = await firstRow<{ email: string }>(tx, sql, [userId]);
    if (user === null) return;
    await this.outbox.removeFor(tx, user.email);
    // The last one, and the only one that is told of: whoever deletes another's account does not do it in silence.
    const occasion = { at: this.clock.now().toISOString(), device: null, ip: null };
    await this.outbox.enqueue(tx, user.email, { kind: 'account_deleted', occasion });
  }

  export(userId: string): Promise<unknown> {
    return this.tokens.list(this.dataSource, userId);
  }
}
