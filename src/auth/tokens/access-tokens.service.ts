import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../../common/http/principal.js';
import { isUuid, newId } from '../../common/ids.js';
import { Clock } from '../../common/time/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { KeyRing } from '../../crypto/key-ring/key-ring.service.js';

/** A signed access token in compact serialization (RFC 7519). */
export type AccessToken = string & { readonly __brand: 'AccessToken' };

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const TYP = 'at+jwt';
const ALG = 'ES256';
const CACHED_TOKENS = 10_000;
/** Longer than any token of ours; nothing past it is parsed. */
const MAX_LENGTH = 2_048;

interface Verified {
  principal: Principal;
  kid: string;
  /** Seconds since the epoch. */
  expiresAt: number;
}

/**
 * Access tokens: JWTs by ES256 that any service verifies with the JWKS (RFC 9068 where it fits).
 * Verified synchronously with key objects, and once per token: a bounded cache remembers.
 */
@Injectable()
export class AccessTokens {
  private readonly verified = new LRUCache<string, Verified>({ max: CACHED_TOKENS });

  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly jwt: JwtService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param notAfter the session's end: no token outlives it. */
  sign(principal: Principal, notAfter: Date): { token: AccessToken; expiresIn: number } {
    const { kid, privateKey } = this.keyRing.active('access-token');
    const iat = this.clock.epochSeconds();
    const exp = Math.min(iat + ACCESS_TOKEN_SECONDS, Math.floor(notAfter.getTime() / 1000));
    const payload = {
      iss: this.config.publicUrl,
      aud: this.config.publicUrl,
      sub: principal.userId,
      sid: principal.sessionId,
      iat,
      exp,
      jti: newId(),
      auth_time: principal.authTime,
      amr: principal.amr,
      tfa: principal.tfa,
    };
    // The types ask for strings; a KeyObject spares parsing PEM at each signature.
    const options = {
      algorithm: ALG,
      keyid: kid,
      privateKey: privateKey as never,
      header: { alg: ALG, typ: TYP },
    } as const;
    return { token: this.jwt.sign(payload, options) as AccessToken, expiresIn: exp - iat };
  }

  /**
   * @returns who the token speaks for; null where it is forged, expired, of another kind or by a key that is not (or no
   * longer) ours. At once where this replica knows of every change of the keys.
   * @throws where this replica cannot find out which keys were revoked.
   */
  verify(token: string): Principal | null | Promise<Principal | null> {
    return this.keyRing.isCurrent() ? this.look(token) : this.keyRing.catchUp().then(() => this.look(token));
  }

  private look(token: string): Principal | null {
    const verified = this.verified.get(token) ?? this.verifyNew(token);
    if (verified === null || verified.expiresAt <= this.clock.epochSeconds()) return null;
    // Asked at each use: an emergency revocation of a key also stops the tokens that are remembered.
    return this.keyRing.find('access-token', verified.kid) === undefined ? null : verified.principal;
  }

  /** Like {@link verify} but also of an expired token: signing out needs no fresh one. */
  verifyIgnoringExpiry(token: string): Principal | null {
    return this.parse(token)?.principal ?? null;
  }

  private verifyNew(token: string): Verified | null {
    const verified = this.parse(token);
    if (verified !== null && verified.expiresAt > this.clock.epochSeconds())
      this.verified.set(token, verified);
    return verified;
  }

  private parse(token: string): Verified | null {
    if (token.length > MAX_LENGTH) return null;
    const kid = headerKid(token);
    const key = kid === null ? undefined : this.keyRing.find('access-token', kid);
    if (key === undefined) return null;
    try {
      const { payload } = this.jwt.verify<{ payload: unknown }>(token, {
        publicKey: key.publicKey as never,
        // RFC 8725 §3.1: the algorithm is the key's, never the token's choice.
        algorithms: [ALG],
        issuer: this.config.publicUrl,
        audience: this.config.publicUrl,
        ignoreExpiration: true,
        clockTimestamp: this.clock.epochSeconds(),
        complete: true,
      });
      return toVerified(payload, key.kid);
    } catch {
      return null;
    }
  }
}

/** RFC 8725 §3.11: the kind of token is explicit; exactly our header, so no `crit`, `jwk`, `jku` or `x5u`. */
function headerKid(token: string): string | null {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString(),
    );
    const { alg, typ, kid, ...rest } = header as Record<string, unknown>;
    return alg === ALG && typ === TYP && typeof kid === 'string' && Object.keys(rest).length === 0
      ? kid
      : null;
  } catch {
    return null;
  }
}

function toVerified(payload: unknown, kid: string): Verified | null {
  const { sub, sid, exp, auth_time, amr, tfa } = (payload ?? {}) as Record<string, unknown>;
  if (!isUuid(sub) || !isUuid(sid) || typeof exp !== 'number' || typeof auth_time !== 'number') return null;
  if (typeof tfa !== 'boolean' || !Array.isArray(amr)) return null;
  const principal = { userId: sub, sessionId: sid, tfa, amr: amr.map(String), authTime: auth_time };
  return { principal, kid, expiresAt: exp };
}
