import { CompactEncrypt, importJWK } from 'jose';
import { utf8 } from '../bytes.js';
import { sha256Base64url } from '../hash.js';
import type { EncryptionJwk } from '../keys/jwk.js';
import { parseEncryptionJwk } from '../keys/parse-public-jwk.js';
import { SEALED_REQUEST_TYP, type SealedRequest } from './sealed-request.js';
import { parseSealedRequest } from './parse-sealed-request.js';

/** What the client must remember of a request, to know its answer. */
export interface MadeSealedRequest {
  /** The request's body, for `content-type: application/jose`. */
  readonly jwe: string;
  readonly jti: string;
  /** Base64url SHA-256 of `jwe`. */
  readonly requestHash: string;
}

/**
 * Seals a request to the server.
 *
 * @param serverKey the server's current encryption key
 * @param request its `jti` is made here where it is left out
 * @throws ProtocolError the rule that a key breaks, or `malformed` for what the server would not take
 */
export async function makeSealedRequest(
  serverKey: EncryptionJwk,
  request: Omit<SealedRequest, 'jti'> & { readonly jti?: string },
): Promise<MadeSealedRequest> {
  const { method, path, iat, jti = crypto.randomUUID(), clientKey, accessToken, body } = request;
  const { kid, ...key } = await parseEncryptionJwk(serverKey);
  const plaintext = utf8(JSON.stringify({ v: 1, method, path, iat, jti, clientKey, accessToken, body }));
  await parseSealedRequest(plaintext);
  const jwe = await new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', typ: SEALED_REQUEST_TYP, kid })
    .encrypt(await importJWK(key, 'RSA-OAEP-256'));
  return { jwe, jti, requestHash: await sha256Base64url(jwe) };
}
