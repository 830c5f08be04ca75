import { createHash, randomBytes } from 'node:crypto';

/** A checked authorization request, waiting for the person's decision or already turned into a code. */
export interface AuthorizationRequest {
  redirectUri: string;
  scope: string;
  state: string | null;
  /** PKCE, always S256; `null` when the client sent none. */
  codeChallenge: string | null;
}

export interface AccessToken {
  token: string;
  refreshToken: string | null;
  /** `null` for a token of the application itself. */
  userId: number | null;
  scope: string;
  createdAt: number;
  expiresAt: number;
  isRevoked: boolean;
}

interface Code {
  request: AuthorizationRequest;
  userId: number;
  expiresAt: number;
  token: AccessToken | null;
}

const CODE_LIFE_MS = 10 * 60 * 1000;
export const TOKEN_LIFE_SECONDS = 7200;

/** Everything the fake 42 has handed out: page transactions, codes and access tokens. */
export class Grants {
  readonly #transactions = new Map<string, AuthorizationRequest>();
  readonly #codes = new Map<string, Code>();
  readonly #tokens = new Map<string, AccessToken>();

  constructor(private readonly now: () => number) {}

  /** Keeps a request on the server while its page is shown, so that the form cannot change it. */
  openTransaction(request: AuthorizationRequest): string {
    const id = randomToken();
    this.#transactions.set(id, request);
    return id;
  }

  transaction(id: string): AuthorizationRequest | undefined {
    return this.#transactions.get(id);
  }

  closeTransaction(id: string): void {
    this.#transactions.delete(id);
  }

  issueCode(request: AuthorizationRequest, userId: number): string {
    const code = randomToken();
    this.#codes.set(code, { request, userId, expiresAt: this.now() + CODE_LIFE_MS, token: null });
    return code;
  }

  /**
   * Trades a code for a token, once.
   *
   * @returns null when the code is unknown, expired, used, or was given to another redirect URI or PKCE verifier
   * @see RFC 6749 §4.1.2: a code used twice takes the token of its first use with it
   */
  redeem(code: string, redirectUri: string, codeVerifier: string | null): AccessToken | null {
    const found = this.#codes.get(code);
    if (!found) return null;
    if (found.token) {
      found.token.isRevoked = true;
      return null;
    }
    if (this.now() >= found.expiresAt || found.request.redirectUri !== redirectUri) return null;
    if (!matchesChallenge(found.request.codeChallenge, codeVerifier)) return null;
    found.token = this.issueToken(found.userId, found.request.scope);
    return found.token;
  }

  issueToken(userId: number | null, scope: string): AccessToken {
    const createdAt = this.now();
    const token: AccessToken = {
      token: randomToken(),
      refreshToken: userId === null ? null : randomToken(),
      userId,
      scope,
      createdAt,
      expiresAt: createdAt + TOKEN_LIFE_SECONDS * 1000,
      isRevoked: false,
    };
    this.#tokens.set(token.token, token);
    return token;
  }

  tokenState(
    token: string,
  ): { token: AccessToken; state: 'valid' | 'revoked' | 'expired' } | { state: 'unknown' } {
    const found = this.#tokens.get(token);
    if (!found) return { state: 'unknown' };
    if (found.isRevoked) return { token: found, state: 'revoked' };
    return { token: found, state: this.now() < found.expiresAt ? 'valid' : 'expired' };
  }
}

/** @see RFC 7636 §4.6 */
function matchesChallenge(challenge: string | null, verifier: string | null): boolean {
  if (challenge === null) return true;
  return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === challenge;
}

function randomToken(): string {
  return randomBytes(32).toString('hex');
}
