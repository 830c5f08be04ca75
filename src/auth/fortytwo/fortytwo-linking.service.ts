import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { NotFound } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow } from '../../database/rows.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { lockOwnAccount } from '../../users/account-lock.js';
import { Reauthentication } from '../reauthentication/reauthentication.service.js';
import { SessionProof } from '../reauthentication/session-proof.service.js';
import { PROVIDER } from './fortytwo-sign-in.service.js';
import { FortyTwoError, LastWayIn } from './fortytwo.errors.js';
import type { FortyTwoProfile } from './profile.js';

/** How an account stands with 42. */
export interface LinkState {
  readonly linked: boolean;
  /** The name at 42 when it was last seen there. */
  readonly login: string | null;
  readonly linkedAt: Date | null;
  /** There is another way in. */
  readonly canUnlink: boolean;
}

/** 42 as a way into an account that is there already. By 42's id alone: no e-mail address links anything. */
@Injectable()
export class FortyTwoLinking {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly proof: SessionProof,
    private readonly reauthentication: Reauthentication,
    private readonly log: SecurityLog,
  ) {}

  async state({ userId }: Principal): Promise<LinkState> {
    const { manager } = this.dataSource;
    const sql = `SELECT login, created_at AS "linkedAt" FROM identities WHERE provider = $1 AND user_id = $2`;
    const row = await firstRow<{ login: string | null; linkedAt: Date }>(manager, sql, [PROVIDER, userId]);
    const canUnlink = row !== null && (await hasOtherWayIn(manager, userId));
    return { linked: row !== null, login: row?.login ?? null, linkedAt: row?.linkedAt ?? null, canUnlink };
  }

  /** Again with the same 42 account, nothing changes. @throws FortyTwoError `identity_in_use`, `already_linked` */
  async link({ userId, sessionId }: Principal, profile: FortyTwoProfile, client: ClientInfo): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await lockOwnAccount(tx, userId);
      const subject = String(profile.fortytwoId);
      const linked = await firstRow(
        tx,
        `INSERT INTO identities (provider, subject, user_id, login, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING 1`,
        [PROVIDER, subject, userId, profile.login, this.clock.now()],
      );
      if (linked === null) return refuseOther(tx, subject, userId);
      await this.log.record(tx, {
        type: 'identity_linked',
        userId,
        sessionId,
        client,
        details: { provider: PROVIDER },
      });
    });
  }

  /** @throws ReauthenticationRequired; NotFound where there is nothing to unlink; LastWayIn */
  async unlink(caller: Principal, client: ClientInfo): Promise<void> {
    await this.proof.require(caller);
    const { userId, sessionId } = caller;
    await this.dataSource.transaction(async (tx) => {
      await lockOwnAccount(tx, userId);
      const sql = 'DELETE FROM identities WHERE provider = $1 AND user_id = $2 RETURNING 1';
      if ((await firstRow(tx, sql, [PROVIDER, userId])) === null) throw new NotFound();
      if (!(await hasOtherWayIn(tx, userId))) throw new LastWayIn();
      await this.log.record(tx, {
        type: 'identity_unlinked',
        userId,
        sessionId,
        client,
        details: { provider: PROVIDER },
      });
    });
  }

  /** A round trip to 42 proves who somebody is, as a password would. @throws FortyTwoError `identity_mismatch` */
  async reauthenticate(caller: Principal, profile: FortyTwoProfile, client: ClientInfo): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const sql = 'SELECT 1 FROM identities WHERE provider = $1 AND subject = $2 AND user_id = $3';
      if ((await firstRow(tx, sql, [PROVIDER, String(profile.fortytwoId), caller.userId])) === null)
        throw new FortyTwoError('identity_mismatch', 'somebody else came back from 42');
      await this.reauthentication.renew(tx, caller, [PROVIDER], client);
    });
  }
}

/** A password counts with an address only: without one nobody can sign in with it. Other identities always do. */
async function hasOtherWayIn(db: Pick<EntityManager, 'query'>, userId: string): Promise<boolean> {
  const sql = `SELECT 1 FROM passwords JOIN users ON users.id = passwords.user_id
      WHERE user_id = $1 AND users.email IS NOT NULL
    UNION ALL SELECT 1 FROM identities WHERE user_id = $1 AND provider <> $2`;
  return (await firstRow(db, sql, [userId, PROVIDER])) !== null;
}

async function refuseOther(tx: EntityManager, subject: string, userId: string): Promise<void> {
  const sql = 'SELECT user_id AS "userId" FROM identities WHERE provider = $1 AND subject = $2';
  const owner = await firstRow<{ userId: string }>(tx, sql, [PROVIDER, subject]);
  if (owner === null) throw new FortyTwoError('already_linked', 'the account has another 42 account');
  if (owner.userId !== userId)
    throw new FortyTwoError('identity_in_use', 'the 42 account is of another account');
}
