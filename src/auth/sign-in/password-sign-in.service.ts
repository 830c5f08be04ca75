import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { firstRow, prepared } from '../../database/rows.js';
import { networkOf } from '../../limits/core/network.js';
import { SignInLimits } from '../../limits/sign-in-limits.service.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { PasswordHasher, type PasswordHash } from '../../users/passwords/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { InvalidCredentials } from '../auth.errors.js';
import { SignInMetrics } from './sign-in.metrics.js';
import { SignInService, type SignedIn } from './sign-in.service.js';

/** Registering and signing in with e-mail and password. */
@Injectable()
export class PasswordSignInService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly signIn: SignInService,
    private readonly limits: SignInLimits,
    private readonly log: SecurityLog,
    private readonly metrics: SignInMetrics,
  ) {}

  /** @throws WeakPassword, UsernameTaken, EmailTaken */
  async register(
    { username, email, password }: { username: string; email: string; password: string },
    client: ClientInfo,
  ): Promise<SignedIn> {
    this.policy.require(password, { username, email });
    const hashed = await this.hasher.hash(password, networkOf(client.ip));
    const user = await this.dataSource.transaction(async (tx) => {
      const created = await this.accounts.create(tx, { username, email, emailVerified: false });
      await this.accounts.setPassword(tx, created.id, hashed);
      await this.log.record(tx, { type: 'account_registered', userId: created.id, client });
      return created;
    });
    await this.limits.vouch({ email, ip: client.ip });
    return this.signIn.firstFactorProven(user, 'password', client);
  }

  /**
   * @throws InvalidCredentials, the same and as slowly for an unknown e-mail; RateLimited, for both alike;
   * AccountSuspended
   */
  async login(email: string, password: string, client: ClientInfo): Promise<SignedIn> {
    try {
      return await this.prove(email, password, client);
    } catch (error) {
      this.metrics.failed('password', error);
      throw error;
    }
  }

  private async prove(email: string, password: string, client: ClientInfo): Promise<SignedIn> {
    const candidate = { email, ip: client.ip };
    const lane = networkOf(client.ip);
    await this.limits.requireOpen(candidate);
    const account = await this.accounts.findForSignIn(email);
    // Asked again when it is its turn: of hundreds at once from one address, those after the quota cost no hash.
    const { ok, needsRehash } = await this.hasher.verify(password, account?.password ?? null, lane, () =>
      this.limits.requireOpen(candidate),
    );
    if (!ok || account?.password == null) {
      await this.log.recordAlone({
        type: 'sign_in_failed',
        userId: account?.user.id ?? null,
        client,
        details: { method: 'password' },
      });
      await this.limits.failed(candidate);
      throw new InvalidCredentials();
    }
    await this.limits.succeeded(candidate);
    const { user, password: stored } = account;
    const hash = needsRehash ? await this.renewHash(user.id, password, stored.hash, lane) : stored.hash;
    return this.signIn.firstFactorProven(user, 'password', client, (tx) => requireHash(tx, user.id, hash));
  }

  /**
   * Only in the place of the hash that was checked: a password that was changed meanwhile stays changed.
   * @returns the hash that the password has now.
   */
  private async renewHash(
    userId: string,
    password: string,
    old: PasswordHash,
    lane: string,
  ): Promise<PasswordHash> {
    const { scheme, hash } = await this.hasher.hash(password, lane);
    const sql = 'UPDATE passwords SET scheme = $3, hash = $4 WHERE user_id = $1 AND hash = $2 RETURNING 1';
    if ((await firstRow(this.dataSource, sql, [userId, old, scheme, hash])) !== null) return hash;
    // Somebody was faster: another sign-in that has renewed it too, or a new password.
    const stored = await this.accounts.findPassword(userId);
    return stored !== null && (await this.hasher.verify(password, stored, lane)).ok ? stored.hash : old;
  }
}

/**
 * A new password ends all sessions, but a hash takes its time: one that was right when it was compared may belong to
 * no password any more. The account is held, so the change has either happened or ends the session that begins.
 * @throws InvalidCredentials
 */
async function requireHash(tx: EntityManager, userId: string, hash: PasswordHash): Promise<void> {
  if ((await firstRow(tx, IS_STILL, [userId, hash])) === null) throw new InvalidCredentials();
}

const IS_STILL = prepared('password-is-still', 'SELECT 1 FROM passwords WHERE user_id = $1 AND hash = $2');
