import { Injectable } from '@nestjs/common';
import { Limits } from '../../limits/limits.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { PasswordHasher, type HashedPassword } from '../../users/passwords/password-hasher.js';
import { InvalidCredentials } from '../auth.errors.js';

/** Asks somebody who is signed in already for the password. */
@Injectable()
export class CurrentPassword {
  constructor(
    private readonly limits: Limits,
    private readonly accounts: AccountsService,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Whoever has found a signed-in device does not find out the password there: failures are counted per account,
   * whatever they were meant to open, and neither a wrong nor a right guess is told beyond the quota.
   * @returns what is stored.
   * @throws InvalidCredentials also where there is no password; RateLimited
   */
  async prove(userId: string, password: string): Promise<HashedPassword> {
    await this.limits.requireLeft('password-user', userId);
    const stored = await this.accounts.findPassword(userId);
    const { ok } = await this.hasher.verify(password, stored, userId);
    if (!ok || stored === null) {
      await this.limits.spend('password-user', userId);
      throw new InvalidCredentials();
    }
    await this.limits.requireLeft('password-user', userId);
    await this.limits.forget('password-user', userId);
    return stored;
  }
}
