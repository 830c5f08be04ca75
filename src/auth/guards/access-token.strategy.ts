import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../../common/http/principal.js';
import { bearerToken } from '../bearer.js';
import { SessionCookies } from '../session-cookies.js';
import { RevocationView } from '../sessions/revocation-view.js';
import { AccessTokens } from '../tokens/access-tokens.service.js';

/** What Passport gives a strategy at each request. */
interface Verdicts {
  success(user: Principal): void;
  fail(challenge?: unknown): void;
  error(error: unknown): void;
}

/**
 * The `jwt` strategy: a bearer token, else the cookie; verified by {@link AccessTokens}, then asked about at
 * {@link RevocationView}. Replaces passport-jwt's verification, which knows one static key, no `typ` and no cache.
 */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly cookies: SessionCookies,
    private readonly tokens: AccessTokens,
    private readonly revocations: RevocationView,
  ) {
    super({ jwtFromRequest: () => null, secretOrKey: 'unused: see authenticate' });
  }

  /** What `AuthGuard('jwt')` on a route of one's own reaches; `SessionGuard` asks {@link decide} without the detour. */
  override authenticate(this: AccessTokenStrategy & Verdicts, request: unknown): void {
    Promise.resolve(this.decide(request as FastifyRequest)).then(
      (principal) => (principal === null ? this.fail() : this.success(principal)),
      (error: unknown) => this.error(error),
    );
  }

  /** Named by Nest's mixin; never called, as `authenticate` decides. */
  validate(): never {
    throw new TypeError('the jwt strategy validates in authenticate');
  }

  /**
   * Who a request acts for; null without a valid token of a session that has not ended. At once where this replica knows
   * of every revocation, else after asking the database.
   */
  decide(request: FastifyRequest): Principal | null | Promise<Principal | null> {
    const token = this.read(request);
    const found = token === null ? null : this.tokens.verify(token);
    return found instanceof Promise
      ? found.then((principal) => this.unlessRevoked(principal))
      : this.unlessRevoked(found);
  }

  private unlessRevoked(principal: Principal | null): Principal | null | Promise<Principal | null> {
    if (principal === null) return null;
    const revoked = this.revocations.isRevoked(principal.sessionId);
    if (revoked instanceof Promise) return revoked.then((isRevoked) => (isRevoked ? null : principal));
    return revoked ? null : principal;
  }

  /** A client that sends an `Authorization` header means it: no falling back to a cookie. */
  private read(request: FastifyRequest): string | null {
    return request.headers.authorization === undefined
      ? this.cookies.readAccess(request)
      : bearerToken(request);
  }
}
