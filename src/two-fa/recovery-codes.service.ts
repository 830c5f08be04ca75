import { hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/time/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { firstRow, rows, type Queryable } from '../database/rows.js';
import { hashRecoveryCode, newRecoveryCodes, type RecoveryCode } from './core/recovery-codes.js';

/** Ten codes for the day when the authenticator is lost: kept as keyed hashes, each works once. */
@Injectable()
export class RecoveryCodes {
  private readonly key: Buffer;

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) { secrets }: Config,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secrets.passwordPepper, 'sealgate', 'recovery codes', 32));
  }

  /** Voids the old codes; the answer is the only time that the new ones are seen. */
  async replace(tx: EntityManager, userId: string): Promise<RecoveryCode[]> {
    const codes = newRecoveryCodes();
    await this.remove(tx, userId);
    await tx.query('INSERT INTO recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])', [
      userId,
      codes.map((code) => hashRecoveryCode(code, userId, this.key)),
    ]);
    return codes;
  }

  /** One conditional write: of two uses at once, one wins. */
  async consume(tx: EntityManager, userId: string, code: RecoveryCode): Promise<boolean> {
    const used = await rows(
      tx,
      `UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND hash = $2 AND used_at IS NULL RETURNING 1`,
      [userId, hashRecoveryCode(code, userId, this.key), this.clock.now()],
    );
    return used.length === 1;
  }

  async remove(tx: EntityManager, userId: string): Promise<void> {
    await tx.query('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
  }

  async left(db: Queryable, userId: string): Promise<number> {
    const found = await firstRow<{ left: number }>(
      db,
      'SELECT count(*) AS "left" FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL',
      [userId],
    );
    return found?.left ?? 0;
  }
}
