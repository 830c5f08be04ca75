import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/time/clock.js';
import { firstRow } from '../database/rows.js';
import { SecondFactorLocked } from './two-fa.errors.js';

const MAX_FAILURES = 5;
const LOCK_SECONDS = 15 * 60;

/** The row as it stands once the attempt is counted. */
export interface CountedAttempt {
  secret: Buffer | null;
  pendingSecret: Buffer | null;
  lastTimeStep: number;
  failures: number;
}

/**
 * Wrong codes in a row, counted on the account's row and so over all sessions and replicas.
 * An attempt is counted before the code is looked at: a thousand guesses at once are still five.
 */
@Injectable()
export class SecondFactorAttempts {
  constructor(private readonly clock: Clock) {}

  /**
   * Counts one attempt as failed until {@link succeed} says otherwise. The row stays locked for the transaction.
   * @returns null where the account never generated a secret.
   * @throws SecondFactorLocked, without counting.
   */
  async count(tx: EntityManager, userId: string): Promise<CountedAttempt | null> {
    const now = this.clock.now();
    // The account before what hangs on it, as everybody who changes both: a circle of waiting would end in a 500.
    await tx.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
    const counted = await firstRow<CountedAttempt>(
      tx,
      `UPDATE two_factor SET
         failures = CASE WHEN locked_until IS NULL THEN failures + 1 ELSE 1 END,
         locked_until = CASE WHEN locked_until IS NULL AND failures + 1 >= ${MAX_FAILURES} THEN $3::timestamptz END
       WHERE user_id = $1 AND (locked_until IS NULL OR locked_until <= $2)
       RETURNING secret, pending_secret AS "pendingSecret", last_time_step AS "lastTimeStep", failures`,
      [userId, now, new Date(now.getTime() + LOCK_SECONDS * 1000)],
    );
    if (counted === null) await this.refuseLocked(tx, userId);
    return counted;
  }

  /** The code was right: the row of failures begins anew. Burns the time step where one was used. */
  async succeed(tx: EntityManager, userId: string, timeStep: number | null): Promise<void> {
    await tx.query(
      `UPDATE two_factor SET failures = 0, locked_until = NULL, last_time_step = coalesce($2, last_time_step)
       WHERE user_id = $1`,
      [userId, timeStep],
    );
  }

  private async refuseLocked(tx: EntityManager, userId: string): Promise<void> {
    const row = await firstRow<{ lockedUntil: Date | null }>(
      tx,
      'SELECT locked_until AS "lockedUntil" FROM two_factor WHERE user_id = $1',
      [userId],
    );
    if (row?.lockedUntil == null) return;
    throw new SecondFactorLocked(Math.ceil((row.lockedUntil.getTime() - this.clock.now().getTime()) / 1000));
  }
}

/** True where this very failure locked the account. */
export function locksNow(attempt: CountedAttempt): boolean {
  return attempt.failures >= MAX_FAILURES;
}
