import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { StateStore } from 'passport-42';
import { cookieValues } from '../../common/http/cookies.js';
import { newId } from '../../common/ids.js';
import { FortyTwoError } from './fortytwo.errors.js';
import { SIGN_IN, type Purpose } from './purpose.js';
import { safeReturnTo } from './return-to.js';

export interface OAuthStateOptions {
  /** The server's secret; the cookie's key is derived from it. */
  stateKey: Uint8Array;
  cookieName: string;
  secureCookie: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** What is needed of a request, on whichever HTTP adapter. */
export interface OAuthRequest {
  readonly headers: { readonly cookie?: string | undefined };
  /** Adds one `Set-Cookie` header to the answer. */
  appendSetCookie(header: string): void;
}

/** A sign-in that this browser began and that 42 has sent back. */
export interface OAuthTransaction {
  /** Burn it with one conditional insert, kept until `expiresAt`: a copied cookie then works no second time. */
  jti: string;
  expiresAt: Date;
  /** A path of this site, or null. */
  returnTo: string | null;
  codeVerifier: string | null;
  purpose: Purpose;
}

const OAUTH_STATE_TTL_SECONDS = 600;
const TYP = 'oauth-state+jwt';
const MIN_KEY_BYTES = 32;

/**
 * Keeps state, PKCE verifier and return path of one sign-in in one encrypted cookie, so that any replica can end
 * what another began and no server-side session is needed.
 *
 * @see RFC 9700 §4.7.1: state is bound to the browser; RFC 8725 §3.11: the token's type is pinned
 */
export class OAuthStateStore implements StateStore {
  readonly #key: Uint8Array;

  /** @throws TypeError when the key is shorter than 256 bits */
  constructor(private readonly options: OAuthStateOptions) {
    if (options.stateKey.byteLength < MIN_KEY_BYTES)
      throw new TypeError('stateKey must have at least 32 bytes');
    this.#key = new Uint8Array(hkdfSync('sha256', options.stateKey, '', 'sealgate oauth-state v1', 32));
  }

  /** Called by passport-oauth2, which counts the parameters: all five must stay, without defaults. */
  store(
    request: OAuthRequest,
    codeVerifier: string | undefined,
    appState: unknown,
    _meta: unknown,
    done: (error: Error | null, state?: string) => void,
  ): void {
    const { returnTo, purpose } = (appState ?? {}) as { returnTo?: unknown; purpose?: Purpose };
    this.begin(request, codeVerifier ?? null, safeReturnTo(returnTo), purpose)
      .then((state) => done(null, state))
      .catch(done);
  }

  /** passport-oauth2's own callback, with its unbounded requests, is closed: {@link consume} is the only way. */
  verify(_request: unknown, _state: unknown, _meta: unknown, done: (error: Error | null) => void): void {
    done(new FortyTwoError('invalid_state', 'the callback came to the step that starts a sign-in'));
  }

  /** Sets the cookie. @returns the state to send along */
  async begin(
    request: OAuthRequest,
    codeVerifier: string | null,
    returnTo: string | null,
    purpose: Purpose = SIGN_IN,
  ): Promise<string> {
    const state = randomBytes(32).toString('base64url');
    const nowSeconds = Math.floor(this.options.now() / 1000);
    const token = await new EncryptJWT({ state, codeVerifier, returnTo, purpose })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: TYP })
      .setJti(newId())
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + OAUTH_STATE_TTL_SECONDS)
      .encrypt(this.#key);
    request.appendSetCookie(this.#cookie(token, OAUTH_STATE_TTL_SECONDS));
    return state;
  }

  /**
   * Ends the sign-in that `state` belongs to, and clears its cookie. A state that does not fit leaves the cookie
   * alone: otherwise any site could break a sign-in by linking to the callback.
   *
   * @throws FortyTwoError `invalid_state`
   */
  async consume(request: OAuthRequest, state: unknown): Promise<OAuthTransaction> {
    const token = onlyCookie(request.headers.cookie, this.options.cookieName);
    if (token === null) throw new FortyTwoError('invalid_state', 'the callback came without its cookie');
    const claims = await this.#decrypt(token);
    if (typeof state !== 'string' || !isSame(state, claims.state)) {
      throw new FortyTwoError('invalid_state', 'the callback carries another state than the cookie');
    }
    request.appendSetCookie(this.#cookie('', 0));
    return claims.transaction;
  }

  async #decrypt(token: string): Promise<{ state: string; transaction: OAuthTransaction }> {
    try {
      const { payload } = await jwtDecrypt(token, this.#key, {
        typ: TYP,
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['jti', 'exp'],
        currentDate: new Date(this.options.now()),
      });
      // Ours by its key and type, so its claims are what `begin` wrote.
      const { jti, exp, state, codeVerifier, returnTo, purpose } = payload as typeof payload & {
        jti: string;
        exp: number;
        state: string;
        codeVerifier: string | null;
        returnTo: string | null;
        /** A round trip of the version before says none. */
        purpose?: Purpose;
      };
      return {
        state,
        transaction: {
          jti,
          expiresAt: new Date(exp * 1000),
          returnTo,
          codeVerifier,
          purpose: purpose ?? SIGN_IN,
        },
      };
    } catch (cause) {
      throw new FortyTwoError('invalid_state', 'the cookie is expired or not ours', cause);
    }
  }

  #cookie(value: string, maxAgeSeconds: number): string {
    const { cookieName, secureCookie } = this.options;
    // Lax, not Strict: the callback is a navigation that another site, 42, starts.
    const attributes = `Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secureCookie ? '; Secure' : ''}`;
    return `${cookieName}=${value}; ${attributes}`;
  }
}

/** @returns null also when there are several: which one the browser meant cannot be known (RFC 6265bis §5.4) */
function onlyCookie(header: string | undefined, name: string): string | null {
  const values = cookieValues(header, name);
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** In constant time; the digests give both sides one length. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
