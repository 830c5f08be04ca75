import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { CONFIG, type Config } from '../../config/config.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import type { RecoveryCode } from '../../two-fa/core/recovery-codes.js';
import type { TotpSecret } from '../../two-fa/core/totp.js';
import { TwoFactorRequired } from '../../two-fa/two-fa.errors.js';
import { TwoFactorService, type SecondFactorProof } from '../../two-fa/two-factor.service.js';
import { SessionProof } from '../reauthentication/session-proof.service.js';
import type { IssuedSession } from '../sessions/issued-session.js';
import { RevocationView } from '../sessions/revocation-view.js';
import { SessionsService } from '../sessions/sessions.service.js';

/** RFC 8176: an OTP was checked, and so more than one factor. */
const OTP_PROVEN = ['otp', 'mfa'];

/** Settles the second step of a session, and turns it on and off. */
@Injectable()
export class SecondStepService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly twoFactor: TwoFactorService,
    private readonly sessions: SessionsService,
    private readonly view: RevocationView,
    private readonly proof: SessionProof,
    private readonly log: SecurityLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws TwoFactorEnabled; ReauthenticationRequired */
  async generate(by: Principal): Promise<TotpSecret> {
    await this.requireOwner(by);
    return this.twoFactor.generate(by.userId);
  }

  /** @throws TwoFactorEnabled, TwoFactorNotGenerated, InvalidCode, SecondFactorLocked, ReauthenticationRequired */
  async enable(
    by: Principal,
    code: string,
    client: ClientInfo,
  ): Promise<{ session: IssuedSession; recoveryCodes: RecoveryCode[] }> {
    await this.requireOwner(by);
    const enabled = await this.twoFactor.enable({ ...by, client }, code, async (tx, recoveryCodes) => ({
      session: await this.sessions.settle(tx, by, OTP_PROVEN, client),
      recoveryCodes,
    }));
    this.view.add(by.sessionId);
    return enabled;
  }

  /** @throws TwoFactorNotEnabled, InvalidCode, SecondFactorLocked */
  async verify(by: Principal, proof: SecondFactorProof, client: ClientInfo): Promise<IssuedSession> {
    const session = await this.twoFactor.verify({ ...by, client }, proof, (tx) =>
      this.sessions.settle(tx, by, OTP_PROVEN, client),
    );
    this.view.add(by.sessionId);
    return session;
  }

  /**
   * @returns null where the session is settled already: a short-lived token of one buys no refresh token.
   * @throws TwoFactorRequired where the policy or the account asks for the second step.
   */
  async skip(by: Principal, client: ClientInfo): Promise<IssuedSession | null> {
    if (this.config.twoFactorPolicy === 'required') throw new TwoFactorRequired();
    const session = await this.dataSource.transaction(async (tx) => {
      // Held until the session stands: 2FA that is turned on at this moment is not skipped.
      await tx.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [by.userId]);
      if (await this.twoFactor.isEnabled(by.userId, tx)) throw new TwoFactorRequired();
      if (by.tfa) return null;
      const settled = await this.sessions.settle(tx, by, [], client);
      await this.log.record(tx, { type: 'two_factor_skipped', ...by, client });
      return settled;
    });
    if (session !== null) this.view.add(by.sessionId);
    return session;
  }

  /** Other sessions end: they were trusted with a factor that is gone. */
  async disable(by: Principal, proof: SecondFactorProof, client: ClientInfo): Promise<void> {
    const ended = await this.twoFactor.verify({ ...by, client }, proof, async (tx) => {
      await this.twoFactor.disable(tx, { ...by, client });
      return this.sessions.endAll(tx, by.userId, 'two_factor_disabled', by.sessionId);
    });
    for (const id of ended) this.view.add(id);
  }

  /**
   * A pending session is minutes old. In a settled one, whoever found it must not make their own authenticator the
   * account's second factor.
   */
  private async requireOwner(by: Principal): Promise<void> {
    if (by.tfa) await this.proof.require(by);
  }

  async regenerateRecoveryCodes(by: Principal, code: string, client: ClientInfo): Promise<RecoveryCode[]> {
    return this.twoFactor.verify({ ...by, client }, { code }, (tx) =>
      this.twoFactor.regenerateRecoveryCodes(tx, { ...by, client }),
    );
  }
}
