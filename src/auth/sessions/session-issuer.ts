import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import { newId } from '../../common/ids.js';
import { Clock } from '../../common/time/clock.js';
import { AccessTokens } from '../tokens/access-tokens.service.js';
import { hashRefreshToken, RefreshTokens, type RefreshToken } from '../tokens/refresh-tokens.service.js';
import type { IssuedSession } from './issued-session.js';
import { lifetimes } from './session-lifetimes.js';
import { SessionEntity, type SignInMethod } from './session.entity.js';

/** What a session needs to know of the sign-in that it begins with. */
export interface SessionBeginning {
  userId: string;
  method: SignInMethod;
  /** RFC 8176 values plus `42`. */
  amr: readonly string[];
  settled: boolean;
  /** When a factor was last proven; the present where it is left out. */
  authTime?: Date;
  client: ClientInfo;
}

/** What tokens are made from. */
export type SessionFacts = Pick<
  SessionEntity,
  | 'id'
  | 'userId'
  | 'settled'
  | 'amr'
  | 'authTime'
  | 'createdAt'
  | 'expiresAt'
  | 'idleExpiresAt'
  | 'refreshGeneration'
> & { refreshRotatedAt: Date | null };

/** Makes session rows and their tokens: the only place that does, whatever the way in was. */
@Injectable()
export class SessionIssuer {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly clock: Clock,
  ) {}

  /** Always a new id: no session is carried over a change of rights (session fixation). */
  async begin(tx: EntityManager, beginning: SessionBeginning): Promise<IssuedSession> {
    const now = this.clock.now();
    const authTime = beginning.authTime ?? now;
    const row = {
      id: newId(),
      userId: beginning.userId,
      settled: beginning.settled,
      method: beginning.method,
      amr: [...beginning.amr],
      authTime,
      ip: beginning.client.ip,
      userAgent: beginning.client.userAgent,
      createdAt: now,
      lastSeenAt: now,
      ...lifetimes(beginning.settled, now, authTime),
      revokedAt: null,
      revokedReason: null,
      refreshGeneration: 0,
      refreshPreviousHash: null,
      refreshRotatedAt: null,
    };
    const refreshToken = row.settled ? this.refreshToken(row) : null;
    const refreshHash = refreshToken === null ? null : hashRefreshToken(refreshToken);
    await tx.getRepository(SessionEntity).insert({ ...row, refreshHash });
    return this.issue(row, refreshToken);
  }

  /** A fresh access token beside a refresh token that its session's row vouches for. */
  issue(session: SessionFacts, refreshToken: RefreshToken | null): IssuedSession {
    const principal = {
      userId: session.userId,
      sessionId: session.id,
      tfa: session.settled,
      amr: session.amr,
      authTime: Math.floor(session.authTime.getTime() / 1000),
    };
    const { token, expiresIn } = this.accessTokens.sign(principal, session.expiresAt);
    const now = this.clock.now().getTime();
    return {
      sessionId: session.id,
      settled: session.settled,
      accessToken: token,
      expiresIn,
      refreshToken,
      refreshExpiresIn: Math.max(0, Math.ceil((session.idleExpiresAt.getTime() - now) / 1000)),
    };
  }

  /** The session's newest refresh token: from the same row, always the same one. */
  refreshToken(session: SessionFacts): RefreshToken {
    return this.refreshTokens.sign({
      sessionId: session.id,
      userId: session.userId,
      generation: session.refreshGeneration,
      issuedAt: session.refreshRotatedAt ?? session.createdAt,
      expiresAt: session.idleExpiresAt,
    });
  }
}
