import type { JsonObject, JsonValue } from '../json/json.js';
import type { EncryptionJwk } from '../keys/jwk.js';

/** The `typ` of a sealed request. */
export const SEALED_REQUEST_TYP = 'sealed-req+jwe';

/** The `typ` of the answer's outer JWE. */
export const SEALED_RESPONSE_TYP = 'sealed-res+jwe';

/** The `typ` of the answer's inner JWS, and the `cty` of the outer JWE. */
export const SIGNED_RESPONSE_TYP = 'sealed-res+jws';

/** How far a request's `iat` may be from the server's clock, either way, in seconds. */
export const MAX_CLOCK_SKEW_SECONDS = 60;

/** What a client asks. `path` is with its query, `iat` in whole seconds since 1970. */
export interface SealedRequest {
  readonly method: string;
  readonly path: string;
  readonly iat: number;
  readonly jti: string;
  /** The key to which the answer is sealed. */
  readonly clientKey: EncryptionJwk;
  readonly accessToken?: string;
  readonly body?: JsonObject;
}

/** What the server answers. `body` is null where there is none. */
export interface SealedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue;
}
