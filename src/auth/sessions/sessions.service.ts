import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '../../common/http/paging.js';
import type { Principal } from '../../common/http/principal.js';
import { NotFound, Unauthenticated } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow, rows } from '../../database/rows.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { changesAccount } from '../../users/changed-accounts.js';
import { SessionProof } from '../reauthentication/session-proof.service.js';
import type { IssuedSession } from './issued-session.js';
import { RevocationView } from './revocation-view.js';
import { SessionIssuer } from './session-issuer.js';
import { SessionEntity, type SignInMethod } from './session.entity.js';

/** Why a session ended; kept in its row. */
export type EndReason =
  | 'signed_out'
  | 'replaced'
  | 'revoked'
  | 'password_changed'
  | 'password_reset'
  | 'two_factor_disabled'
  | 'refresh_token_reused'
  | 'suspended'
  | 'deleted';

/** The life of sessions after their beginning: settled, listed, ended. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly issuer: SessionIssuer,
    private readonly view: RevocationView,
    private readonly proof: SessionProof,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Replaces the caller's session by a settled one with a new id; the old token is dead.
   * @param proven `amr` values that the second step adds.
   * @throws Unauthenticated where the session has ended meanwhile: of two settlings at once, one wins.
   */
  async settle(
    tx: EntityManager,
    principal: Principal,
    proven: readonly string[],
    client: ClientInfo,
  ): Promise<IssuedSession> {
    // The account first, then its sessions, as whoever suspends or deletes it: nobody waits in a circle, and the new
    // session is either seen by them or refused here.
    await tx.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [principal.userId]);
    const old = await firstRow<{ method: SignInMethod; amr: string[]; authTime: Date }>(
      tx,
      `UPDATE sessions SET revoked_at = $3, revoked_reason = 'replaced'
       WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING method, amr, auth_time AS "authTime"`,
      [principal.sessionId, principal.userId, this.clock.now()],
    );
    if (old === null) throw new Unauthenticated();
    const first = await firstRow(
      tx,
      `UPDATE users SET second_step_settled_at = $2
       WHERE id = $1 AND second_step_settled_at IS NULL RETURNING id`,
      [principal.userId, this.clock.now()],
    );
    if (first !== null) changesAccount(tx, principal.userId);
    await this.view.announce(tx, [principal.sessionId]);
    const amr = [...new Set([...old.amr, ...proven])];
    return this.issuer.begin(tx, {
      userId: principal.userId,
      method: old.method,
      amr,
      settled: true,
      // Where nothing was proven anew, the proof and the session's end stay as old as they are.
      ...(proven.length === 0 ? { authTime: old.authTime } : {}),
      client,
    });
  }

  /** Signed-in devices, the newest first; pending sessions are none yet. */
  async list<Item>(
    userId: string,
    query: PageQuery,
    toItem: (row: SessionEntity) => Item,
  ): Promise<Page<Item>> {
    const found = this.dataSource
      .getRepository(SessionEntity)
      .createQueryBuilder('session')
      .where('session.userId = :userId AND session.settled AND session.revokedAt IS NULL', { userId })
      .andWhere('session.idleExpiresAt > :now', { now: this.clock.now() });
    if (query.cursor !== undefined)
      found.andWhere('session.id < :after', { after: decodeCursor(query.cursor, ['string'])[0] });
    const page = await found
      .orderBy('session.id', 'DESC')
      .limit(query.limit + 1)
      .getMany();
    return toPage(page, query.limit, (row) => [row.id], toItem);
  }

  /** Signs out; a session that has ended already is fine. */
  async signOut(principal: Pick<Principal, 'userId' | 'sessionId'>, client: ClientInfo): Promise<void> {
    await this.endOne(principal.userId, principal.sessionId, 'signed_out', async (tx) => {
      await this.log.record(tx, { type: 'signed_out', ...principal, client });
    });
  }

  /**
   * Signing out another device takes a recent proof: a thief of this one must not lock its owner out. Being signed out
   * oneself takes none.
   * @throws ReauthenticationRequired; NotFound where the user has no such session.
   */
  async revoke(principal: Principal, sessionId: string, client: ClientInfo): Promise<void> {
    if (sessionId !== principal.sessionId) await this.proof.require(principal);
    const ended = await this.endOne(principal.userId, sessionId, 'revoked', async (tx) => {
      await this.log.record(tx, { type: 'session_revoked', userId: principal.userId, sessionId, client });
    });
    if (!ended) throw new NotFound();
  }

  /** All but the caller's own. @throws ReauthenticationRequired */
  async revokeOthers(principal: Principal, client: ClientInfo): Promise<void> {
    await this.proof.require(principal);
    await this.afterCommit(async (tx) => {
      const ids = await this.endAll(tx, principal.userId, 'revoked', principal.sessionId);
      await this.log.record(tx, {
        type: 'sessions_revoked',
        ...principal,
        client,
        details: { count: ids.length },
      });
      return ids;
    });
  }

  /**
   * Ends every session of a user in the transaction that gave the reason, and tells every replica with its commit.
   * @param exceptId the session that stays.
   */
  async endAll(tx: EntityManager, userId: string, reason: EndReason, exceptId?: string): Promise<string[]> {
    const ended = await rows<{ id: string }>(
      tx,
      `UPDATE sessions SET revoked_at = $2, revoked_reason = $3
       WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $4 RETURNING id`,
      [userId, this.clock.now(), reason, exceptId ?? null],
    );
    const ids = ended.map(({ id }) => id);
    await this.view.announce(tx, ids);
    return ids;
  }

  /** Runs a transaction that ends sessions and, once it is committed, refuses them here without waiting for the bus. */
  async afterCommit(work: (tx: EntityManager) => Promise<readonly string[]>): Promise<void> {
    for (const id of await this.dataSource.transaction(work)) this.view.add(id);
  }

  private async endOne(
    userId: string,
    sessionId: string,
    reason: EndReason,
    record: (tx: EntityManager) => Promise<void>,
  ): Promise<boolean> {
    let isEnded = false;
    await this.afterCommit(async (tx) => {
      const ended = await rows(
        tx,
        `UPDATE sessions SET revoked_at = $3, revoked_reason = $4
         WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING id`,
        [sessionId, userId, this.clock.now(), reason],
      );
      isEnded = ended.length === 1;
      if (!isEnded) return [];
      await this.view.announce(tx, [sessionId]);
      await record(tx);
      return [sessionId];
    });
    return isEnded;
  }
}
