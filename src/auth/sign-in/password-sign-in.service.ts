import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { PasswordHasher } from '../../users/passwords/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { InvalidCredentials } from '../auth.errors.js';
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
    private readonly log: SecurityLog,
  ) {}

  /** @throws WeakPassword, UsernameTaken, EmailTaken */
  async register(
    { username, email, password }: { username: string; email: string; password: string },
    client: ClientInfo,
  ): Promise<SignedIn> {
    this.policy.require(password, { username, email });
    const hashed = await this.hasher.hash(password);
    const user = await this.dataSource.transaction(async (tx) => {
      const created = await this.accounts.create(tx, { username, email, emailVerified: false });
      await this.accounts.setPassword(tx, created.id, hashed);
      await this.log.record(tx, { type: 'account_registered', userId: created.id, client });
      return created;
    });
    return this.signIn.firstFactorProven(user, 'password', client);
  }

  /** @throws InvalidCredentials, the same and as slowly for an unknown e-mail; AccountSuspended */
  async login(email: string, password: string, client: ClientInfo): Promise<SignedIn> {
    const account = await this.accounts.findForSignIn(email);
    const { ok, needsRehash } = await this.hasher.verify(password, account?.password ?? null);
    if (!ok || account === null) {
      await this.log.recordAlone({
        type: 'sign_in_failed',
        userId: account?.user.id ?? null,
        client,
        details: { method: 'password' },
      });
      throw new InvalidCredentials();
    }
    if (needsRehash) await this.renewHash(account.user.id, password);
    return this.signIn.firstFactorProven(account.user, 'password', client);
  }

  private async renewHash(userId: string, password: string): Promise<void> {
    const hashed = await this.hasher.hash(password);
    await this.accounts.setPassword(this.dataSource.manager, userId, hashed);
  }
}
