import type { CryptoKey } from 'jose';
import { fromUtf8 } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { parseCompactJwe } from '../jose/compact-jwe.js';
import { type CompactJws, parseCompactJws } from '../jose/compact-jws.js';
import { decryptRsa } from '../jose/decrypt-rsa.js';
import { verifyEs256 } from '../jose/verify-es256.js';
import type { JsonValue } from '../json/json.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import type { SigningJwk } from '../keys/jwk.js';
import { check, exactObject, integerOf, sha256TextOf } from '../shape.js';
import type { MadeSealedRequest } from './make-sealed-request.js';
import { SEALED_RESPONSE_TYP, type SealedResponse, SIGNED_RESPONSE_TYP } from './sealed-request.js';

/** A page of the longest messages, base64url twice over, stays far below it. */
const MAX_LENGTH = 2 ** 26;

const PAYLOAD_MEMBERS = ['v', 'jti', 'request', 'nonce', 'status', 'headers', 'body'] as const;

/** What the client needs to believe an answer. */
export interface OpenSealedResponseInput {
  /** The answer's body, from anyone. */
  readonly jwe: unknown;
  readonly request: Pick<MadeSealedRequest, 'jti' | 'requestHash'>;
  /** The private half of the `clientKey` that the request named. */
  readonly clientKey: { readonly kid: string; readonly privateKey: CryptoKey };
  /** The server's signing keys by `kid`, of which it may have several while they rotate. */
  readonly serverKeys: ReadonlyMap<string, SigningJwk>;
}

/**
 * Opens the answer to one request. Whatever the reason of a refusal: the client asks again, and shows no part of it.
 *
 * @throws ProtocolError with a `SealedResponseReason`
 */
export async function openSealedResponse(input: OpenSealedResponseInput): Promise<SealedResponse> {
  const { request, clientKey, serverKeys } = input;
  const jwe = parseCompactJwe(input.jwe, 'rsa', MAX_LENGTH);
  const outer = exactObject(jwe.header, 'the header', ['alg', 'enc', 'typ', 'cty', 'kid']);
  check(outer.alg === 'RSA-OAEP-256' && outer.enc === 'A256GCM', 'the answer uses other algorithms');
  check(outer.typ === SEALED_RESPONSE_TYP && outer.cty === SIGNED_RESPONSE_TYP, 'this is no sealed answer');
  if (outer.kid !== clientKey.kid)
    throw new ProtocolError('not-for-this-key', 'the answer is for another key');
  const jws = parseCompactJws(fromUtf8(await decryptRsa(jwe, clientKey.privateKey)), MAX_LENGTH);
  const inner = exactObject(jws.header, 'the inner header', ['alg', 'kid', 'typ', 'nonce']);
  check(inner.alg === 'ES256' && inner.typ === SIGNED_RESPONSE_TYP, 'the content is no signed answer');
  await requireSignature(jws, serverKeys.get(sha256TextOf(inner.kid, 'kid')));
  const payload = exactObject(parseJsonObject(jws.payload), 'the answer', PAYLOAD_MEMBERS);
  check(payload.v === 1, 'the answer is of an unknown kind');
  const isOurs =
    payload.jti === request.jti &&
    payload.request === request.requestHash &&
    payload.nonce === sha256TextOf(inner.nonce, 'nonce');
  if (!isOurs) throw new ProtocolError('mismatched', 'this is the answer to another request');
  return {
    status: integerOf(payload.status, 'status', 200, 599),
    headers: parseHeaders(payload.headers),
    body: payload.body as JsonValue,
  };
}

async function requireSignature(jws: CompactJws, key: SigningJwk | undefined): Promise<void> {
  if (key === undefined) throw new ProtocolError('unknown-key', 'the answer is signed by an unknown key');
  if (!(await verifyEs256(jws.signedData, jws.signature, key))) {
    throw new ProtocolError('bad-signature', "the answer's signature does not verify");
  }
}

function parseHeaders(value: unknown): Readonly<Record<string, string>> {
  check(typeof value === 'object' && value !== null && !Array.isArray(value), 'headers is not an object');
  const entries = Object.entries(value).map(([name, text]): [string, string] => {
    check(typeof text === 'string' && /^[^\p{Cc}]*$/u.test(text), 'a header is not text of one line');
    return [name, text];
  });
  return Object.fromEntries(entries);
}
