import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { TwoFactorService, type SecondFactorProof } from '../../two-fa/two-factor.service.js';
import { CurrentPassword } from '../password/current-password.service.js';
import { SessionProof } from './session-proof.service.js';

/** What a signed-in person shows to prove that it is still them. */
export type RenewedProof = { password: string } | SecondFactorProof;

/** Renews the proof of a session that goes on; wrong tries count where those of all other routes do. */
@Injectable()
export class Reauthentication {
  constructor(
    private readonly dataSource: DataSource,
    private readonly currentPassword: CurrentPassword,
    private readonly twoFactor: TwoFactorService,
    private readonly proof: SessionProof,
    private readonly log: SecurityLog,
  ) {}

  /** @throws InvalidCredentials, RateLimited, TwoFactorNotEnabled, InvalidCode, SecondFactorLocked */
  async prove(caller: Principal, shown: RenewedProof, client: ClientInfo): Promise<void> {
    if (!('password' in shown))
      return this.twoFactor.verify({ ...caller, client }, shown, (tx) =>
        this.renew(tx, caller, ['otp', 'mfa'], client),
      );
    await this.currentPassword.prove(caller.userId, shown.password);
    await this.dataSource.transaction((tx) => this.renew(tx, caller, ['pwd'], client));
  }

  /** @param methods `amr` values that were proven just now. */
  async renew(
    tx: EntityManager,
    caller: Pick<Principal, 'userId' | 'sessionId'>,
    methods: readonly string[],
    client: ClientInfo,
  ): Promise<void> {
    await this.proof.renew(tx, caller, methods);
    const { userId, sessionId } = caller;
    await this.log.record(tx, {
      type: 'reauthenticated',
      userId,
      sessionId,
      client,
      details: { methods: [...methods] },
    });
  }
}
