import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Counter } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { LOGGER, type Logger } from '../common/logging.js';
import { Metrics } from '../common/metrics.js';
import { Clock } from '../common/time/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { NotificationBus } from '../database/notification-bus.js';
import { Limits } from '../limits/limits.service.js';
import { budgetOf } from './core/mail-budget.js';
import type { Mail } from './core/mail.js';
import { renderMail } from './core/render-mail.js';
import { MAIL_WAITS, MailOutbox, type ClaimedMail } from './mail-outbox.service.js';
import { describeFailure, isRefusedForGood, type MailTransport } from './mail-transport.js';

/** The injection token of the {@link MailTransport}. */
export const MAIL_TRANSPORT = Symbol('MAIL_TRANSPORT');

/** Does what was enqueued under its kind, in a transaction that takes it from the outbox. */
export type TaskRunner = (tx: EntityManager, recipient: string, task: unknown) => Promise<void>;

type Outcome = 'sent' | 'done' | 'postponed' | 'failed' | 'dropped';

/** Mails that this replica sends at once. */
const LANES = 3;
const MAX_ATTEMPTS = 14;
/** For what is due later, and for notices that a lost connection swallowed. */
const LOOK_EVERY_MS = 15_000;

/**
 * Sends what waits in the outbox: woken by the bus, beside the workers of other replicas, away from all requests.
 * At least once: a mail whose sending was interrupted goes out again, under the same message id.
 */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runners = new Map<string, TaskRunner>();
  private readonly outcomes: Counter<'outcome'>;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isWanted = false;
  private isStopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: MailOutbox,
    private readonly limits: Limits,
    private readonly bus: NotificationBus,
    private readonly clock: Clock,
    metrics: Metrics,
    @Inject(MAIL_TRANSPORT) private readonly transport: MailTransport,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.outcomes = new Counter({
      name: 'sealgate_mails_total',
      help: 'Attempts to send mail by outcome.',
      labelNames: ['outcome'],
      registers: [metrics.registry],
    });
    metrics.gauge('sealgate_mails_waiting', 'Mails that wait to be sent, over all replicas.', () =>
      outbox.count(dataSource),
    );
    metrics.gauge('sealgate_mails_overdue_seconds', 'For how long the first of them has been due.', () =>
      outbox.overdueSeconds(dataSource),
    );
  }

  /** Registers who does the tasks of a kind, while the modules start. */
  onTask(kind: string, runner: TaskRunner): void {
    this.runners.set(kind, runner);
  }

  onApplicationBootstrap(): void {
    if (this.config.production && this.config.smtpUrl === null)
      this.logger.warn('SMTP_URL is not set: mail is written to files and reaches nobody');
    this.bus.on(MAIL_WAITS, () => this.wake());
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.timer.unref();
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.running?.catch(() => undefined);
  }

  /** Sends all that is due now, including what is enqueued meanwhile. */
  drain(): Promise<void> {
    this.isWanted = true;
    return (this.running ??= this.work());
  }

  private wake(): void {
    if (this.isStopped) return;
    this.drain().catch((error: unknown) => this.logger.warn({ err: error }, 'mail cannot be sent now'));
  }

  private async work(): Promise<void> {
    try {
      while (this.isWanted && !this.isStopped) {
        this.isWanted = false;
        await Promise.all(Array.from({ length: LANES }, () => this.workOff()));
      }
    } finally {
      // In the same turn as the last look at `isWanted`: a wish cannot fall in between.
      this.running = null;
    }
  }

  private async workOff(): Promise<void> {
    while (!this.isStopped) {
      const mail = await this.outbox.claim(this.dataSource);
      if (mail === null) return;
      this.outcomes.inc({ outcome: await this.attempt(mail) });
    }
  }

  private async attempt(mail: ClaimedMail): Promise<Outcome> {
    const { id, kind, attempts } = mail;
    if (mail.expiresAt <= this.clock.now() || attempts > MAX_ATTEMPTS) return this.drop(mail, 'too late');
    try {
      return await this.deliver(mail);
    } catch (error) {
      if (isRefusedForGood(error)) return this.drop(mail, 'refused', error);
      const told = this.runners.has(kind) ? { err: error } : describeFailure(error);
      this.logger.warn({ id, kind, attempts, ...told }, 'mail not sent: tried again later');
      await this.outbox.retryLater(this.dataSource, mail);
      return 'failed';
    }
  }

  private async deliver(mail: ClaimedMail): Promise<Outcome> {
    const content = this.outbox.read(mail);
    const runner = this.runners.get(mail.kind);
    if (runner !== undefined) {
      await this.dataSource.transaction(async (tx) => {
        await runner(tx, mail.recipient, content);
        await this.outbox.remove(tx, mail.id);
      });
      return 'done';
    }
    const refused = await this.overBudget(mail, content as Mail);
    if (refused !== null) return refused;
    const told = await this.transport.send({
      ...renderMail(content as Mail, this.config.publicUrl),
      id: mail.id,
      kind: mail.kind,
      from: this.config.mailFrom,
      to: mail.recipient,
      at: this.clock.now(),
    });
    await this.outbox.remove(this.dataSource, mail.id);
    this.logger.info({ id: mail.id, kind: mail.kind, ...told }, 'mail sent');
    return 'sent';
  }

  /** @returns null where there is room for the mail; a retry has been counted before. */
  private async overBudget(mail: ClaimedMail, { kind }: Mail): Promise<Outcome | null> {
    if (mail.attempts > 1) return null;
    const { policy, key, canWait } = budgetOf(kind, mail.recipient);
    const count = await this.limits.add(policy, key);
    if (!this.limits.isExceeded(policy, count)) return null;
    if (!canWait) return this.drop(mail, 'too many to one address');
    const until = new Date(this.clock.now().getTime() + Math.ceil(count.resetSeconds) * 1000);
    await this.dataSource.transaction((tx) => this.outbox.postpone(tx, mail, until));
    this.logger.info({ id: mail.id, kind, until }, 'mail waits: too many to one address');
    return 'postponed';
  }

  private async drop({ id, kind }: ClaimedMail, why: string, error?: unknown): Promise<Outcome> {
    this.logger.warn({ id, kind, why, ...describeFailure(error) }, 'mail given up');
    await this.outbox.remove(this.dataSource, id);
    return 'dropped';
  }
}
