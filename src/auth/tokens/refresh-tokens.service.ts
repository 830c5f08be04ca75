import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { isUuid } from '../../common/ids.js';
import { Clock } from '../../common/time/clock.js';
import { CONFIG, type Config } from '../../config/config.js';

/** A signed refresh token in compact serialization. */
export type RefreshToken = string & { readonly __brand: 'RefreshToken' };
/** What the database keeps of it: its SHA-256. */
export type RefreshTokenHash = Buffer & { readonly __brand: 'RefreshTokenHash' };

/** What a genuine token names; whether it still counts, the session's row says. */
export interface PresentedRefreshToken {
  readonly sessionId: string;
  readonly hash: RefreshTokenHash;
}

/** All that a refresh token is made of: from the same facts comes the same token, so a successor need not be stored. */
export interface RefreshFacts {
  sessionId: string;
  userId: string;
  /** Counts the rotations of the session. */
  generation: number;
  issuedAt: Date;
  expiresAt: Date;
}

const TYP = 'rt+jwt';
const ALG = 'HS256';
const MAX_LENGTH = 1_024;

/** Refresh tokens: JWTs under another secret than access tokens, of another type and for another audience. */
@Injectable()
export class RefreshTokens {
  private readonly key: KeyObject;
  private readonly jtiKey: Buffer;
  private readonly audience: string;

  constructor(
    private readonly clock: Clock,
    private readonly jwt: JwtService,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const derive = (info: string): Buffer =>
      Buffer.from(hkdfSync('sha256', config.secrets.jwtRefreshSecret, 'sealgate', info, 32));
    // A KeyObject: jsonwebtoken tries a string as a PEM key first, at 40 times the cost.
    this.key = createSecretKey(derive('refresh token'));
    this.jtiKey = derive('refresh token id');
    this.audience = `${config.publicUrl}/auth/refresh`;
  }

  sign(facts: RefreshFacts): RefreshToken {
    const payload = {
      iss: this.config.publicUrl,
      aud: this.audience,
      sub: facts.userId,
      sid: facts.sessionId,
      jti: createHmac('sha256', this.jtiKey)
        .update(`${facts.sessionId}:${facts.generation}`)
        .digest('base64url'),
      iat: Math.floor(facts.issuedAt.getTime() / 1000),
      exp: Math.floor(facts.expiresAt.getTime() / 1000),
    };
    return this.jwt.sign(payload, {
      algorithm: ALG,
      secret: this.key as never,
      header: { alg: ALG, typ: TYP },
    }) as RefreshToken;
  }

  /** @returns the session that a genuine, unexpired token belongs to; whether it is the newest, the row decides. */
  verify(token: string): PresentedRefreshToken | null {
    if (token.length > MAX_LENGTH) return null;
    try {
      const { header, payload } = this.jwt.verify<{ header: { typ?: string }; payload: { sid?: unknown } }>(
        token,
        {
          secret: this.key as never,
          algorithms: [ALG],
          issuer: this.config.publicUrl,
          audience: this.audience,
          clockTimestamp: this.clock.epochSeconds(),
          complete: true,
        },
      );
      if (header.typ !== TYP || !isUuid(payload.sid)) return null;
      return { sessionId: payload.sid, hash: hashRefreshToken(token) };
    } catch {
      return null;
    }
  }
}

/** Unkeyed and fast: the token holds 256 secret bits already. */
export function hashRefreshToken(token: string): RefreshTokenHash {
  return createHash('sha256').update(token).digest() as RefreshTokenHash;
}
