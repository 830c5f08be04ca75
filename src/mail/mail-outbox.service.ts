import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { Clock } from '../common/time/clock.js';
import { NotificationBus } from '../database/notification-bus.js';
import { firstRow, type Queryable } from '../database/rows.js';
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
  read({ id, payload }: ClaimedMail): unknown {
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

  async remove(db: Queryable, id: string): Promise<void> {
    await db.query('DELETE FROM mail_outbox WHERE id = $1', [id]);
  }

  async retryLater(db: Queryable, { id, attempts }: ClaimedMail): Promise<void> {
    const at = new Date(this.clock.now().getTime() + backoffSeconds(attempts) * 1000);
    await db.query('UPDATE mail_outbox SET next_attempt_at = $2 WHERE id = $1', [id, at]);
  }

  /** Nobody writes to an account that has gone. */
  async removeFor(tx: Queryable, recipient: string): Promise<void> {
    await tx.query('DELETE FROM mail_outbox WHERE recipient = $1', [recipient]);
  }
}
