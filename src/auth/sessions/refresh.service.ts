import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow, prepared, type PreparedSql, type Queryable } from '../../database/rows.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { InvalidRefreshToken } from '../auth.errors.js';
import {
  hashRefreshToken,
  RefreshTokens,
  type PresentedRefreshToken,
  type RefreshTokenHash,
} from '../tokens/refresh-tokens.service.js';
import { SignInMetrics, type RefreshOutcome } from '../sign-in/sign-in.metrics.js';
import type { IssuedSession } from './issued-session.js';
import { RevocationView } from './revocation-view.js';
import { SessionIssuer, type SessionFacts } from './session-issuer.js';
import { idleExpiry } from './session-lifetimes.js';

/** A use of the previous token within this time gets the same successor: two tabs, or an answer that was lost. */
const SAME_SUCCESSOR_MS = 30_000;

interface SessionRow extends SessionFacts {
  refreshHash: Buffer | null;
  refreshPreviousHash: Buffer | null;
}

/** What one use of a token came to. */
interface Use {
  readonly outcome: RefreshOutcome;
  readonly issued: IssuedSession | null;
}

const REFUSED: Use = { outcome: 'refused', issued: null };

const COLUMNS = `id, user_id AS "userId", settled, amr, auth_time AS "authTime", created_at AS "createdAt",
  expires_at AS "expiresAt", idle_expires_at AS "idleExpiresAt", refresh_generation AS "refreshGeneration",
  refresh_rotated_at AS "refreshRotatedAt", refresh_hash AS "refreshHash",
  refresh_previous_hash AS "refreshPreviousHash"`;

/** The account is asked as well, so that a session that something forgot to end does not go on for 90 days. */
const IS_ALIVE = `id = $1 AND revoked_at IS NULL AND settled
  AND EXISTS (SELECT 1 FROM users
              WHERE users.id = sessions.user_id AND suspended_at IS NULL AND deleted_at IS NULL)`;
const FIND = `SELECT ${COLUMNS} FROM sessions WHERE ${IS_ALIVE} AND idle_expires_at > $2 AND expires_at > $2`;
const ALIVE = prepared('alive-session', FIND);
const ALIVE_LOCKED = prepared('alive-session-locked', `${FIND} FOR UPDATE`);
const ROTATE = prepared(
  'rotate-refresh-token',
  `UPDATE sessions SET refresh_previous_hash = refresh_hash, refresh_hash = $2, refresh_generation = $3,
     refresh_rotated_at = $4, last_seen_at = $4, idle_expires_at = $5, ip = $6, user_agent = $7
   WHERE ${IS_ALIVE} AND refresh_hash = $8 RETURNING 1`,
);

/**
 * Rotation of refresh tokens (RFC 9700 §4.14.2). Each use makes a successor; the previous token gets that same
 * successor for 30 s and is theft afterwards.
 */
@Injectable()
export class RefreshService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly tokens: RefreshTokens,
    private readonly issuer: SessionIssuer,
    private readonly view: RevocationView,
    private readonly log: SecurityLog,
    private readonly metrics: SignInMetrics,
  ) {}

  /** @throws InvalidRefreshToken; the session has then ended where the token was used again too late. */
  async rotate(token: string, client: ClientInfo): Promise<IssuedSession> {
    const presented = this.tokens.verify(token);
    const { outcome, issued } = presented === null ? REFUSED : await this.use(presented, client);
    this.metrics.refreshed(outcome);
    if (presented !== null && outcome === 'reused') this.view.add(presented.sessionId);
    if (issued === null) throw new InvalidRefreshToken();
    return issued;
  }

  /**
   * The newest token is changed for its successor in one conditional statement. Everything else takes turns: of uses at
   * once all but one, the token before, and whatever is refused.
   */
  private async use(presented: PresentedRefreshToken, client: ClientInfo): Promise<Use> {
    const session = await this.alive(this.dataSource, ALIVE, presented.sessionId);
    if (session !== null && isSame(session.refreshHash, presented.hash)) {
      const issued = await this.makeSuccessor(this.dataSource, session, client);
      if (issued !== null) return { outcome: 'rotated', issued };
    }
    return this.useInTurn(presented, client);
  }

  /** Locks the row: twenty uses at once take turns, the first makes the successor, the others get it too. */
  private useInTurn({ sessionId, hash }: PresentedRefreshToken, client: ClientInfo): Promise<Use> {
    return this.dataSource.transaction(async (tx): Promise<Use> => {
      const session = await this.alive(tx, ALIVE_LOCKED, sessionId);
      if (session === null) return REFUSED;
      if (isSame(session.refreshHash, hash)) {
        const issued = await this.makeSuccessor(tx, session, client);
        return issued === null ? REFUSED : { outcome: 'rotated', issued };
      }
      if (this.isLostAnswer(session, hash)) {
        const issued = this.sameSuccessor(session);
        return issued === null ? REFUSED : { outcome: 'repeated', issued };
      }
      await this.endForReuse(tx, session, client);
      return { outcome: 'reused', issued: null };
    });
  }

  /** The session of a genuine refresh token, for signing out with nothing else at hand. */
  async owner(token: string): Promise<{ userId: string; sessionId: string } | null> {
    const presented = this.tokens.verify(token);
    if (presented === null) return null;
    return firstRow(
      this.dataSource,
      `SELECT user_id AS "userId", id AS "sessionId" FROM sessions
       WHERE id = $1 AND (refresh_hash = $2 OR refresh_previous_hash = $2)`,
      [presented.sessionId, presented.hash],
    );
  }

  private alive(db: Queryable, sql: PreparedSql, sessionId: string): Promise<SessionRow | null> {
    return firstRow<SessionRow>(db, sql, [sessionId, this.clock.now()]);
  }

  /** @returns null where the token is no longer the newest, or the session no longer alive. */
  private async makeSuccessor(
    db: Queryable,
    session: SessionRow,
    client: ClientInfo,
  ): Promise<IssuedSession | null> {
    const now = this.clock.now();
    const next: SessionFacts = {
      ...session,
      refreshGeneration: session.refreshGeneration + 1,
      refreshRotatedAt: now,
      idleExpiresAt: idleExpiry(now, session.expiresAt),
    };
    const token = this.issuer.refreshToken(next);
    const changed = await firstRow(db, ROTATE, [
      session.id,
      hashRefreshToken(token),
      next.refreshGeneration,
      now,
      next.idleExpiresAt,
      client.ip,
      client.userAgent,
      session.refreshHash,
    ]);
    return changed === null ? null : this.issuer.issue(next, token);
  }

  private isLostAnswer(session: SessionRow, hash: RefreshTokenHash): boolean {
    const rotatedAt = session.refreshRotatedAt?.getTime() ?? -Infinity;
    return (
      isSame(session.refreshPreviousHash, hash) && this.clock.now().getTime() - rotatedAt <= SAME_SUCCESSOR_MS
    );
  }

  private sameSuccessor(session: SessionRow): IssuedSession | null {
    const token = this.issuer.refreshToken(session);
    // Differs only where the secret was changed in between: then nobody can have the successor.
    return isSame(session.refreshHash, hashRefreshToken(token)) ? this.issuer.issue(session, token) : null;
  }

  private async endForReuse(tx: EntityManager, session: SessionRow, client: ClientInfo): Promise<void> {
    await tx.query(
      `UPDATE sessions SET revoked_at = $2, revoked_reason = 'refresh_token_reused' WHERE id = $1`,
      [session.id, this.clock.now()],
    );
    await this.view.announce(tx, [session.id]);
    await this.log.record(tx, {
      type: 'refresh_token_reused',
      userId: session.userId,
      sessionId: session.id,
      client,
    });
  }
}

function isSame(stored: Buffer | null, presented: Buffer): boolean {
  return stored !== null && stored.length === presented.length && timingSafeEqual(stored, presented);
}
