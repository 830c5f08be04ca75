import { Inject, Injectable } from '@nestjs/common';
import {
  exportAccountKeys,
  generateAccountKeys,
  makeKeyStatement,
  type KeyStatementJson,
  type PrivateAccountJwks,
} from '@sealgate/protocol';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { RecentProof } from '../../common/http/recent-proof.js';
import { Clock } from '../../common/time/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Limits } from '../../limits/limits.service.js';
import { ServerSideCryptoDisabled } from '../crypto.errors.js';
import { KeyMakingTurns } from './key-making-turns.js';
import { KeyRegistration } from './key-registration.service.js';
import { KeyStatements } from './key-statements.service.js';

/** Keys that the server made: the private ones are in this answer and nowhere else. */
export type GeneratedKeys = PrivateAccountJwks & { readonly statement: KeyStatementJson };

/** Makes keys for clients that cannot. What such a server has seen is not end-to-end encrypted. */
@Injectable()
export class KeyGeneration {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly statements: KeyStatements,
    private readonly registration: KeyRegistration,
    private readonly clock: Clock,
    private readonly turns: KeyMakingTurns,
    private readonly limits: Limits,
    private readonly recentProof: RecentProof,
  ) {}

  /**
   * From version 2 on it is a reset: the server does not have the key that would hand over.
   * Whatever would refuse the statement is asked first: the keys are what costs.
   * @throws ServerSideCryptoDisabled, KeyVersionConflict, ReauthenticationRequired, RateLimited, ServiceUnavailable
   */
  async generate(caller: Principal, client: ClientInfo): Promise<GeneratedKeys> {
    if (!this.config.serverSideCrypto) throw new ServerSideCryptoDisabled();
    await this.limits.requireLeft('account-keys', caller.userId);
    return this.turns.run(caller.userId, () => this.make(caller, client));
  }

  private async make(caller: Principal, client: ClientInfo): Promise<GeneratedKeys> {
    const latest = await this.statements.latest(caller.userId);
    if (latest !== null) await this.recentProof.require(caller);
    const keys = await generateAccountKeys({ extractable: true });
    const statement = await makeKeyStatement({
      user: caller.userId,
      version: (latest?.version ?? 0) + 1,
      keys,
      previous: latest?.payloadHash.toString('base64url') ?? null,
      reset: latest !== null,
      createdAt: this.clock.now().toISOString(),
    });
    await this.registration.register(statement.json, caller, client);
    return { statement: statement.json, ...(await exportAccountKeys(keys)) };
  }
}
