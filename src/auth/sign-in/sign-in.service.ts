import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { CONFIG, type Config } from '../../config/config.js';
import { firstRow, prepared } from '../../database/rows.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { TwoFactorService } from '../../two-fa/two-factor.service.js';
import type { UserEntity } from '../../users/user.entity.js';
import { AccountSuspended } from '../auth.errors.js';
import type { IssuedSession } from '../sessions/issued-session.js';
import { SessionIssuer } from '../sessions/session-issuer.js';
import type { SignInMethod } from '../sessions/session.entity.js';
import type { NextStep } from './next-step.js';
import { SignInMetrics } from './sign-in.metrics.js';

export interface SignedIn {
  user: UserEntity;
  session: IssuedSession;
  next: NextStep;
}

const AMR: Record<SignInMethod, string> = { password: 'pwd', '42': '42' };

/**
 * The one state machine of signing in: first factor proven → pending session → second step settled → session.
 * Every way in enters here, so none gets round the second step.
 */
@Injectable()
export class SignInService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly twoFactor: TwoFactorService,
    private readonly issuer: SessionIssuer,
    private readonly log: SecurityLog,
    private readonly metrics: SignInMetrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param stillProven asked while the account is held: a proof that was taken back meanwhile begins no session.
   * @throws AccountSuspended, once the first factor was proven and not before.
   */
  async firstFactorProven(
    user: UserEntity,
    method: SignInMethod,
    client: ClientInfo,
    stillProven?: (tx: EntityManager) => Promise<void>,
  ): Promise<SignedIn> {
    const { session, next } = await this.dataSource.transaction(async (tx) => {
      await refuseSuspended(tx, user.id);
      await stillProven?.(tx);
      const step = await this.nextStep(user, tx);
      const issued = await this.issuer.begin(tx, {
        userId: user.id,
        method,
        amr: [AMR[method]],
        settled: step === 'home',
        client,
      });
      const { sessionId } = issued;
      await this.log.record(tx, {
        type: 'sign_in_succeeded',
        userId: user.id,
        sessionId,
        client,
        details: { method },
      });
      return { session: issued, next: step };
    });
    this.metrics.succeeded(method);
    return { user, session, next };
  }

  /** What an unsettled session of this user has to do next. */
  async nextStep(
    user: Pick<UserEntity, 'id' | 'secondStepSettledAt'>,
    tx?: EntityManager,
  ): Promise<NextStep> {
    if (await this.twoFactor.isEnabled(user.id, tx)) return '2fa';
    const maySkip = this.config.twoFactorPolicy === 'optional';
    return user.secondStepSettledAt !== null && maySkip ? 'home' : 'first-login';
  }
}

/** Holds the row until the session stands: a suspension at the same moment either refuses it here or ends it. */
async function refuseSuspended(tx: EntityManager, userId: string): Promise<void> {
  if ((await firstRow(tx, HOLD_ACTIVE, [userId])) === null) throw new AccountSuspended();
}

const HOLD_ACTIVE = prepared(
  'hold-active-account',
  'SELECT 1 FROM users WHERE id = $1 AND suspended_at IS NULL AND deleted_at IS NULL FOR SHARE',
);
