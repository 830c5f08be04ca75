import { createHash, randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { deleteWhere, PeriodicJobs } from '../../database/periodic-jobs.js';
import { firstRow, rows, type Queryable } from '../../database/rows.js';
import { MailTokenEntity, type MailTokenPurpose } from './mail-token.entity.js';

/** The secret in a mail link; it leaves the server once, in that mail. */
export type MailToken = string & { readonly __brand: 'MailToken' };

/** Whose link it is, and which address it was sent to. */
export interface TokenOwner {
  readonly userId: string;
  readonly email: string;
}

const TOKEN_BYTES = 32;
const LIFE_SECONDS: Record<MailTokenPurpose, number> = {
  verify_email: 24 * 3600,
  reset_password: 30 * 60,
  change_email: 24 * 3600,
};
const SWEEP_MINUTES = 60;
const DAY_MS = 24 * 3600 * 1000;

/** Makes, finds and burns the tokens of mail links. */
@Injectable()
export class MailTokens implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly jobs: PeriodicJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.every(SWEEP_MINUTES, 'sweep-mail-tokens', (db) =>
      deleteWhere(db, 'mail_tokens', 'expires_at < $1', [new Date(this.clock.now().getTime() - DAY_MS)]),
    );
  }

  async issue(
    tx: EntityManager,
    purpose: MailTokenPurpose,
    { userId, email }: TokenOwner,
  ): Promise<{ token: MailToken; expiresAt: Date }> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url') as MailToken;
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + LIFE_SECONDS[purpose] * 1000);
    const row = { hash: hash(token), userId, purpose, email, createdAt: now, expiresAt, usedAt: null };
    await tx.getRepository(MailTokenEntity).insert(row);
    return { token, expiresAt };
  }

  /** Looks without burning, for what has to be judged before the token may be spent. */
  find(db: Queryable, purpose: MailTokenPurpose, token: string): Promise<TokenOwner | null> {
    const sql = `SELECT user_id AS "userId", email FROM mail_tokens
      WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3`;
    return firstRow(db, sql, [hash(token), purpose, this.clock.now()]);
  }

  /** Spends the token: of two uses at once, one gets an owner. */
  burn(tx: EntityManager, purpose: MailTokenPurpose, token: string): Promise<TokenOwner | null> {
    const sql = `UPDATE mail_tokens SET used_at = $3
      WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
      RETURNING user_id AS "userId", email`;
    return firstRow(tx, sql, [hash(token), purpose, this.clock.now()]);
  }

  /** The address that was asked for and has not answered yet. */
  pendingChange(db: Queryable, userId: string): Promise<TokenOwner | null> {
    const sql = `SELECT user_id AS "userId", email FROM mail_tokens
      WHERE user_id = $1 AND purpose = 'change_email' AND used_at IS NULL AND expires_at > $2`;
    return firstRow(db, sql, [userId, this.clock.now()]);
  }

  /** Links that are still about work no more. */
  async revoke(tx: EntityManager, userId: string, ...purposes: MailTokenPurpose[]): Promise<void> {
    const sql =
      'DELETE FROM mail_tokens WHERE user_id = $1 AND (cardinality($2::text[]) = 0 OR purpose = ANY ($2))';
    await tx.query(sql, [userId, purposes]);
  }

  /** For the account's export; the tokens themselves are not held. */
  list(db: Queryable, userId: string): Promise<unknown[]> {
    const sql = `SELECT purpose, email, created_at AS "createdAt", expires_at AS "expiresAt", used_at AS "usedAt"
      FROM mail_tokens WHERE user_id = $1 ORDER BY created_at`;
    return rows(db, sql, [userId]);
  }
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
