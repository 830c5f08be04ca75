import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Principal } from '../../common/http/principal.js';
import { RECENT_PROOF_SECONDS, RecentProof } from '../../common/http/recent-proof.js';
import { ReauthenticationRequired, Unauthenticated } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow, type Queryable } from '../../database/rows.js';

/**
 * When a session was last proven, as its row says: the access token's `auth_time` is that of its issue, and would not
 * know of a proof that another tab has renewed.
 */
@Injectable()
export class SessionProof extends RecentProof {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @throws ReauthenticationRequired; Unauthenticated where the session has ended meanwhile. */
  async require(caller: Principal): Promise<void> {
    const isRecent = await this.ofRow(caller);
    if (isRecent === null) throw new Unauthenticated();
    if (!isRecent) throw new ReauthenticationRequired(RECENT_PROOF_SECONDS);
  }

  async isRecent(caller: Principal, method?: string): Promise<boolean> {
    return (await this.ofRow(caller, method)) ?? false;
  }

  /** @returns null where the session has ended. */
  private async ofRow({ userId, sessionId }: Principal, method?: string): Promise<boolean | null> {
    const since = new Date(this.clock.now().getTime() - RECENT_PROOF_SECONDS * 1000);
    const sql = `SELECT auth_time >= $3 AND coalesce($4::text = ANY (amr), true) AS "isRecent" FROM sessions
      WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND settled`;
    const parameters = [sessionId, userId, since, method ?? null];
    return (await firstRow<{ isRecent: boolean }>(this.dataSource, sql, parameters))?.isRecent ?? null;
  }

  /**
   * The session's owner has just proven it. Its end stays where it is: a proof prolongs nothing.
   * @param methods `amr` values.
   * @throws Unauthenticated where the session has ended meanwhile.
   */
  async renew(
    db: Queryable,
    { userId, sessionId }: Pick<Principal, 'userId' | 'sessionId'>,
    methods: readonly string[],
  ): Promise<void> {
    const sql = `UPDATE sessions SET auth_time = $3,
        amr = amr || ARRAY(SELECT added FROM unnest($4::text[]) AS added WHERE added <> ALL (amr))
      WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND settled RETURNING 1`;
    const renewed = await firstRow(db, sql, [sessionId, userId, this.clock.now(), methods]);
    if (renewed === null) throw new Unauthenticated();
  }
}
