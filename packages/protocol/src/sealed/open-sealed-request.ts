import type { CryptoKey } from 'jose';
import { ProtocolError } from '../errors.js';
import { sha256Base64url } from '../hash.js';
import { parseCompactJwe } from '../jose/compact-jwe.js';
import { decryptRsa } from '../jose/decrypt-rsa.js';
import { check, exactObject, sha256TextOf } from '../shape.js';
import { parseSealedRequest } from './parse-sealed-request.js';
import { MAX_CLOCK_SKEW_SECONDS, SEALED_REQUEST_TYP, type SealedRequest } from './sealed-request.js';

/** A megabyte, as base64url. */
const MAX_LENGTH = Math.ceil((2 ** 20 * 4) / 3);

/** What the server needs to open a request. */
export interface OpenSealedRequestInput {
  /** The request's body, from anyone. */
  readonly jwe: unknown;
  /** The server's private encryption keys by `kid`, those that are still readable. */
  readonly keys: ReadonlyMap<string, CryptoKey>;
  /** The server's clock, in seconds since 1970. */
  readonly now: number;
  /** Where the request was sent, its path with the query; null where that was `POST /api/sealed`. */
  readonly target: { readonly method: string; readonly path: string } | null;
}

/**
 * Opens a sealed request. That its `jti` comes once only is for the server to see to, with its other replicas; and
 * so is that every refusal looks and lasts the same.
 *
 * @throws ProtocolError with a `SealedRequestReason`, for the log only
 */
export async function openSealedRequest(
  input: OpenSealedRequestInput,
): Promise<SealedRequest & { readonly requestHash: string }> {
  const { keys, now, target } = input;
  const jwe = parseCompactJwe(input.jwe, 'rsa', MAX_LENGTH);
  const { alg, enc, typ, kid } = exactObject(jwe.header, 'the header', ['alg', 'enc', 'typ', 'kid']);
  check(
    alg === 'RSA-OAEP-256' && enc === 'A256GCM' && typ === SEALED_REQUEST_TYP,
    'this is no sealed request',
  );
  const key = keys.get(sha256TextOf(kid, 'kid'));
  if (key === undefined) throw new ProtocolError('unknown-key', 'the request is sealed to another key');
  const request = await parseSealedRequest(await decryptRsa(jwe, key));
  if (Math.abs(now - request.iat) > MAX_CLOCK_SKEW_SECONDS) {
    throw new ProtocolError('stale', 'the request is not from now');
  }
  if (target !== null && (target.method !== request.method || target.path !== request.path)) {
    throw new ProtocolError('misdirected', 'the request was meant for another route');
  }
  return { ...request, requestHash: await sha256Base64url(String(input.jwe)) };
}
