import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { Clock } from '../common/time/clock.js';
import { NotificationBus } from '../database/notification-bus.js';
import { firstRow, type Queryable } from '../database/rows.js';
import { mergeNotices } from './core/mail-budget.js';
import type { Mail } from './core/mail.js';
import { backoffSeconds } from './core/backoff.js';
import { PayloadSeal } from './payload-seal.js';
import { mailContext } from './mail-context.js';

/** A row that a worker has claimed. */
export interface ClaimedMail {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly payload: Buffer;
  /** This one included. */
  readonly attempts: number;
  readonly expiresAt: Date;
}

/** Something to do off the request, e.g. to find out whether there is anybody to write to. */
export interface MailTask {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** The bus event that wakes the workers. */
export const MAIL_WAITS = 'mail-waits';

/** Longer than an attempt takes: meanwhile nobody else tries. */
const LEASE_MS = 5 * 60_000;
/** The first half of the advisory locks of what waits; the second is a hash of kind and address. */
const WAITING_LOCKS = 4_242_016;
const NOTICE_KEPT_MS = 3 * 24 * 3600 * 1000;

/** Mail that waits to be sent, written with the transaction of what it tells of. */
@Injectable()
export class MailOutbox {
  constructor(
    private readonly clock: Clock,
    private readonly bus: NotificationBus,
    private readonly seal: PayloadSeal,
  ) {}

  /** @param expiresAt when the mail is of no use any more; by default three days from now. */
  async enqueue(tx: Queryable, to: string, mail: Mail | MailTask, expiresAt?: Date): Promise<void> {
    const id = newId();
    const now = this.clock.now();
    const payload = this.seal.seal(Buffer.from(JSON.stringify(mail)), mailContext(id));
    await tx.query(
      `INSERT INTO mail_outbox (id, kind, recipient, payload, attempts, next_attempt_at, expires_at, created_at)
       VALUES ($1, $2, $3, $4, 0, $5, $6, $5)`,
      [id, mail.kind, to, payload, now, expiresAt ?? new Date(now.getTime() + NOTICE_KEPT_MS)],
    );
    await this.bus.publish(tx, { type: MAIL_WAITS });
  }

  /** What was enqueued under this row's id. */
  read({ id, payload }: Pick<ClaimedMail, 'id' | 'payload'>): unknown {
    return JSON.parse(this.seal.open(payload, mailContext(id)).toString());
  }

  /** The next mail that is due, kept from other workers for a while; no transaction stays open meanwhile. */
  claim(db: Queryable): Promise<ClaimedMail | null> {
    const now = this.clock.now();
    return firstRow<ClaimedMail>(
      db,
      `UPDATE mail_outbox SET attempts = attempts + 1, next_attempt_at = $2
       WHERE id = (SELECT id FROM mail_outbox WHERE next_attempt_at <= $1
                   ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id, kind, recipient, payload, attempts, expires_at AS "expiresAt"`,
      [now, new Date(now.getTime() + LEASE_MS)],
    );
  }

  async count(db: Queryable): Promise<number> {
    return (await firstRow<{ n: number }>(db, 'SELECT count(*)::int AS n FROM mail_outbox', []))?.n ?? 0;
  }

  /** For how long the mail that is due first has been; 0 where none is. */
  async overdueSeconds(db: Queryable): Promise<number> {
    const sql = 'SELECT min(next_attempt_at) AS "dueAt" FROM mail_outbox';
    const dueAt = (await firstRow<{ dueAt: Date | null }>(db, sql, []))?.dueAt ?? null;
    return dueAt === null ? 0 : Math.max(0, (this.clock.now().getTime() - dueAt.getTime()) / 1000);
  }

  async remove(db: Queryable, id: string): Promise<void> {
    await db.query('DELETE FROM mail_outbox WHERE id = $1', [id]);
  }

  async retryLater(db: Queryable, { id, attempts }: ClaimedMail): Promise<void> {
    const at = new Date(this.clock.now().getTime() + backoffSeconds(attempts) * 1000);
    await db.query('UPDATE mail_outbox SET next_attempt_at = $2 WHERE id = $1', [id, at]);
  }

  /**
   * Keeps a notice until there is room for it. Where one of its kind waits already, that one tells of both: whatever
   * is caused by the dozen, at most one mail of each kind waits for an address.
   */
  async postpone(tx: Queryable, mail: ClaimedMail, until: Date): Promise<void> {
    const { id, kind, recipient } = mail;
    // Two workers at once would each find that nobody waits yet.
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [WAITING_LOCKS, `${kind} ${recipient}`]);
    const waiting = await firstRow<Pick<ClaimedMail, 'id' | 'payload'>>(
      tx,
      `SELECT id, payload FROM mail_outbox
       WHERE recipient = $1 AND kind = $2 AND id <> $3 AND attempts = 0 AND next_attempt_at > $4 FOR UPDATE`,
      [recipient, kind, id, this.clock.now()],
    );
    if (waiting === null) {
      const expiresAt = new Date(until.getTime() + NOTICE_KEPT_MS);
      const sql = 'UPDATE mail_outbox SET attempts = 0, next_attempt_at = $2, expires_at = $3 WHERE id = $1';
      await tx.query(sql, [id, until, expiresAt]);
      return;
    }
    const merged = mergeNotices(this.read(waiting) as Mail, this.read(mail) as Mail);
    const payload = this.seal.seal(Buffer.from(JSON.stringify(merged)), mailContext(waiting.id));
    await tx.query('UPDATE mail_outbox SET payload = $2 WHERE id = $1', [waiting.id, payload]);
    await this.remove(tx, id);
  }

  /** Nobody writes to an account that has gone. */
  async removeFor(tx: Queryable, recipient: string): Promise<void> {
    await tx.query('DELETE FROM mail_outbox WHERE recipient = $1', [recipient]);
  }
}
