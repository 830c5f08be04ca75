import type { AccessToken } from '../tokens/access-tokens.service.js';
import type { RefreshToken } from '../tokens/refresh-tokens.service.js';

/** A session's tokens on their way to the client: in cookies or in the body, never both. */
export interface IssuedSession {
  readonly sessionId: string;
  readonly settled: boolean;
  readonly accessToken: AccessToken;
  /** Seconds. */
  readonly expiresIn: number;
  /** None until the second step is settled. */
  readonly refreshToken: RefreshToken | null;
  /** Seconds until the refresh token expires. */
  readonly refreshExpiresIn: number;
}
