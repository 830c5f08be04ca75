import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../common/http/client-info.js';
import { Clock } from '../common/time/clock.js';
import { SecretBox } from '../crypto/at-rest/secret-box.js';
import { holdLiveAccount } from '../crypto/live-account.js';
import { firstRow, prepared, rows, type Queryable } from '../database/rows.js';
import { SecurityLog } from '../security-log/security-log.service.js';
import type { RecoveryCode } from './core/recovery-codes.js';
import { matchingTimeStep, newTotpSecret, type TotpSecret } from './core/totp.js';
import { totpContext } from './sealed-totp-secrets.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { locksNow, SecondFactorAttempts, type CountedAttempt } from './second-factor-attempts.js';
import {
  InvalidCode,
  TwoFactorEnabled,
  TwoFactorNotEnabled,
  TwoFactorNotGenerated,
} from './two-fa.errors.js';

/** What a person typed as the second step: a code of the authenticator, or a recovery code. */
export type SecondFactorProof = { code: string } | { recoveryCode: RecoveryCode };

/** Who proves it, and from where: for the security log. */
export interface ProofContext {
  userId: string;
  sessionId: string | null;
  client: ClientInfo;
}

/** The second factor of an account: its secret, its codes, and what a right code allows. */
@Injectable()
export class TwoFactorService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly box: SecretBox,
    private readonly attempts: SecondFactorAttempts,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly log: SecurityLog,
  ) {}

  /** @param db the transaction that acts on the answer, where there is one. */
  async isEnabled(userId: string, db: Queryable = this.dataSource): Promise<boolean> {
    return (await firstRow(db, IS_ENABLED, [userId])) !== null;
  }

  async status(userId: string): Promise<{ enabled: boolean; recoveryCodesLeft: number }> {
    const enabled = await this.isEnabled(userId);
    return {
      enabled,
      recoveryCodesLeft: enabled ? await this.recoveryCodes.left(this.dataSource, userId) : 0,
    };
  }

  /**
   * A new secret that counts once a code of it comes back; an earlier unconfirmed one is forgotten.
   * @throws TwoFactorEnabled; Unauthenticated where the account is just being deleted, which must leave no secret behind
   */
  async generate(userId: string): Promise<TotpSecret> {
    const secret = newTotpSecret();
    const written = await this.dataSource.transaction(async (tx) => {
      await holdLiveAccount(tx, userId);
      return rows(
        tx,
        `INSERT INTO two_factor (user_id, pending_secret, last_time_step, failures) VALUES ($1, $2, 0, 0)
       ON CONFLICT (user_id) DO UPDATE SET pending_secret = excluded.pending_secret
         WHERE two_factor.enabled_at IS NULL
       RETURNING 1`,
        [userId, this.box.seal(Buffer.from(secret), totpContext(userId))],
      );
    });
    if (written.length === 0) throw new TwoFactorEnabled();
    return secret;
  }

  /**
   * Turns the second factor on with a code of the generated secret.
   * @param act runs in the same transaction: what the right code allows.
   * @throws TwoFactorEnabled, TwoFactorNotGenerated, InvalidCode, SecondFactorLocked
   */
  async enable<T>(
    by: ProofContext,
    code: string,
    act: (tx: EntityManager, codes: RecoveryCode[]) => Promise<T>,
  ): Promise<T> {
    return this.attempt(by, async (tx, counted) => {
      if (counted?.secret != null) throw new TwoFactorEnabled();
      if (counted?.pendingSecret == null) throw new TwoFactorNotGenerated();
      const step = this.timeStep(by.userId, counted.pendingSecret, code);
      if (step === null || step <= counted.lastTimeStep) return null;
      await this.attempts.succeed(tx, by.userId, step);
      await tx.query(
        `UPDATE two_factor SET secret = pending_secret, pending_secret = NULL, enabled_at = $2 WHERE user_id = $1`,
        [by.userId, this.clock.now()],
      );
      await this.log.record(tx, { type: 'two_factor_enabled', ...by });
      const codes = await this.recoveryCodes.replace(tx, by.userId);
      return { value: await act(tx, codes) };
    });
  }

  /**
   * Checks the second step and burns what proved it.
   * @param act runs in the same transaction, so that a code is never spent for nothing nor counts twice.
   * @throws TwoFactorNotEnabled, InvalidCode, SecondFactorLocked
   */
  async verify<T>(
    by: ProofContext,
    proof: SecondFactorProof,
    act: (tx: EntityManager) => Promise<T>,
  ): Promise<T> {
    return this.attempt(by, async (tx, counted) => {
      if (counted?.secret == null) throw new TwoFactorNotEnabled();
      const isRight =
        'code' in proof
          ? await this.burnCode(tx, by.userId, counted, proof.code)
          : await this.burnRecoveryCode(tx, by, proof.recoveryCode);
      return isRight ? { value: await act(tx) } : null;
    });
  }

  /** Turns it off; the caller has verified a code in this transaction. */
  async disable(tx: EntityManager, by: ProofContext): Promise<void> {
    // The row stays with its last step and failures: turning off and on again forgives nothing.
    await tx.query(
      `UPDATE two_factor SET secret = NULL, pending_secret = NULL, enabled_at = NULL WHERE user_id = $1`,
      [by.userId],
    );
    await this.recoveryCodes.remove(tx, by.userId);
    await this.log.record(tx, { type: 'two_factor_disabled', ...by });
  }

  /** New recovery codes; the caller has verified a code in this transaction. */
  async regenerateRecoveryCodes(tx: EntityManager, by: ProofContext): Promise<RecoveryCode[]> {
    await this.log.record(tx, { type: 'recovery_codes_regenerated', ...by });
    return this.recoveryCodes.replace(tx, by.userId);
  }

  /** Counts the attempt, lets `check` judge it, and commits the count also where it was wrong. */
  private async attempt<T>(
    by: ProofContext,
    check: (tx: EntityManager, counted: CountedAttempt | null) => Promise<{ value: T } | null>,
  ): Promise<T> {
    const outcome = await this.dataSource.transaction(async (tx) => {
      const counted = await this.attempts.count(tx, by.userId);
      const right = await check(tx, counted);
      if (right !== null) return right;
      await this.log.record(tx, { type: 'second_factor_failed', ...by });
      if (counted !== null && locksNow(counted))
        await this.log.record(tx, { type: 'second_factor_locked', ...by });
      return null;
    });
    if (outcome === null) throw new InvalidCode();
    return outcome.value;
  }

  private async burnCode(
    tx: EntityManager,
    userId: string,
    counted: CountedAttempt,
    code: string,
  ): Promise<boolean> {
    const step = counted.secret === null ? null : this.timeStep(userId, counted.secret, code);
    // The row is locked by the count: nobody else can burn the same step in between.
    if (step === null || step <= counted.lastTimeStep) return false;
    await this.attempts.succeed(tx, userId, step);
    return true;
  }

  private async burnRecoveryCode(tx: EntityManager, by: ProofContext, code: RecoveryCode): Promise<boolean> {
    if (!(await this.recoveryCodes.consume(tx, by.userId, code))) return false;
    await this.attempts.succeed(tx, by.userId, null);
    const left = await this.recoveryCodes.left(tx, by.userId);
    await this.log.record(tx, { type: 'recovery_code_used', ...by, details: { left } });
    return true;
  }

  private timeStep(userId: string, sealed: Buffer, code: string): number | null {
    const secret = this.box.open(sealed, totpContext(userId)).toString() as TotpSecret;
    return matchingTimeStep(secret, code, this.clock.epochSeconds());
  }
}

const IS_ENABLED = prepared(
  'second-factor-is-enabled',
  'SELECT 1 FROM two_factor WHERE user_id = $1 AND enabled_at IS NOT NULL',
);
