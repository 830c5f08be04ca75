import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow } from '../../database/rows.js';
import { violatesUnique } from '../../database/sqlstate.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import type { UserEntity } from '../../users/user.entity.js';
import { isReservedUsername, USERNAME } from '../../users/username.js';
import { EmailTaken, UsernameTaken } from '../../users/users.errors.js';
import { SignInService, type SignedIn } from '../sign-in/sign-in.service.js';
import { ApplicationSecret } from './application-secret.js';
import { FortyTwoError } from './fortytwo.errors.js';
import type { FortyTwoSignIn } from './fortytwo.strategy.js';
import type { FortyTwoProfile } from './profile.js';

export const PROVIDER = '42';
const TRIES = 8;

/** What 42 proved becomes an account: found by 42's id alone, as logins and e-mails change. */
@Injectable()
export class FortyTwoSignInService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly signIn: SignInService,
    private readonly log: SecurityLog,
    private readonly secret: ApplicationSecret,
  ) {}

  /** @throws AccountSuspended */
  async finish(proven: FortyTwoSignIn, client: ClientInfo): Promise<SignedIn> {
    this.secret.seen(proven.secretValidUntil);
    const user = await this.findOrCreate(proven.profile, client);
    return this.signIn.firstFactorProven(user, '42', client);
  }

  private async findOrCreate(profile: FortyTwoProfile, client: ClientInfo): Promise<UserEntity> {
    let { email } = profile;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const known = await this.find(profile);
      if (known !== null) return known;
      try {
        return await this.create(profile, usernameFrom(profile.login, attempt), email, client);
      } catch (error) {
        // Somebody else's address: 42 does not say that it is verified, so it opens no account of others.
        if (error instanceof EmailTaken) email = null;
        else if (!(error instanceof UsernameTaken) && !violatesUnique(error, 'identities_pkey')) throw error;
      }
    }
    throw new FortyTwoError('provider_error', 'no free username was found');
  }

  private async find({ fortytwoId, login }: FortyTwoProfile): Promise<UserEntity | null> {
    const identity = await firstRow<{ userId: string }>(
      this.dataSource,
      `UPDATE identities SET login = $3 WHERE provider = $1 AND subject = $2 RETURNING user_id AS "userId"`,
      [PROVIDER, String(fortytwoId), login],
    );
    return identity === null ? null : this.accounts.findById(identity.userId);
  }

  private create(
    { fortytwoId, login, displayName, avatarUrl }: FortyTwoProfile,
    username: string,
    email: string | null,
    client: ClientInfo,
  ): Promise<UserEntity> {
    return this.dataSource.transaction(async (tx) => {
      const account = {
        username,
        email,
        emailVerified: false,
        avatarUrl,
        ...(displayName ? { displayName } : {}),
      };
      const user = await this.accounts.create(tx, account);
      await tx.query(
        'INSERT INTO identities (provider, subject, user_id, login, created_at) VALUES ($1, $2, $3, $4, $5)',
        [PROVIDER, String(fortytwoId), user.id, login, this.clock.now()],
      );
      await this.log.record(tx, {
        type: 'account_registered',
        userId: user.id,
        client,
        details: { method: PROVIDER },
      });
      return user;
    });
  }
}

/** The login where it can be a username and is free; else with digits, else made up. */
function usernameFrom(login: string | null, attempt: number): string {
  const wish = (login ?? '').slice(0, 26);
  if (attempt === 0 && USERNAME.test(wish) && !isReservedUsername(wish)) return wish;
  return `${wish === '' ? 'user' : wish}-${randomInt(10_000, 100_000)}`;
}
