import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow } from '../../database/rows.js';
import { Limits } from '../../limits/limits.service.js';
import { MailOutbox } from '../../mail/mail-outbox.service.js';
import { MailWorker } from '../../mail/mail-worker.service.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { MailTokens } from '../email/mail-tokens.service.js';

const TASK = 'password_reset_requested';
/** A link that comes later surprises more than it helps. */
const TASK_LIFE_MS = 30 * 60_000;

/** The first half of a reset: the link. */
@Injectable()
export class PasswordResetRequests implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly tokens: MailTokens,
    private readonly outbox: MailOutbox,
    private readonly worker: MailWorker,
    private readonly limits: Limits,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.worker.onTask(TASK, (tx, email, task) =>
      this.sendLink(tx, email, (task as { client: ClientInfo }).client),
    );
  }

  /**
   * Only notes the wish, the same for every address: whether somebody has it, the worker finds out later, so that
   * neither the answer nor its time can tell.
   */
  async request(email: string, client: ClientInfo): Promise<void> {
    const expiresAt = new Date(this.clock.now().getTime() + TASK_LIFE_MS);
    await this.dataSource.transaction((tx) =>
      this.outbox.enqueue(tx, email, { kind: TASK, client }, expiresAt),
    );
  }

  /** Earlier links stay good until one is used: people open the mail that comes first. */
  private async sendLink(tx: EntityManager, email: string, client: ClientInfo): Promise<void> {
    const count = await this.limits.add('forgot-account', email);
    if (this.limits.isExceeded('forgot-account', count)) return;
    const account = await this.accounts.findForSignIn(email);
    if (account === null || account.user.suspendedAt !== null) return;
    const userId = account.user.id;
    if (account.user.emailVerifiedAt === null && (await opensOnlyElsewhere(tx, userId))) return;
    const { token, expiresAt } = await this.tokens.issue(tx, 'reset_password', { userId, email });
    await this.outbox.enqueue(tx, email, { kind: 'reset_password', token }, expiresAt);
    await this.log.record(tx, { type: 'password_reset_requested', userId, client });
  }
}

/**
 * 42 does not verify addresses: whoever gave somebody else's there would, with a link to it, share an account with its
 * owner. People of 42 verify their address here first; what nobody but an admin has made has no other way in.
 */
async function opensOnlyElsewhere(tx: EntityManager, userId: string): Promise<boolean> {
  const sql = `SELECT 1 FROM identities WHERE user_id = $1
    AND NOT EXISTS (SELECT 1 FROM passwords WHERE passwords.user_id = $1)`;
  return (await firstRow(tx, sql, [userId])) !== null;
}
