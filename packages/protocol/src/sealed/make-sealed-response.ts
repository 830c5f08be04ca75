import { CompactEncrypt, CompactSign, importJWK } from 'jose';
import { encodeBase64url } from '../base64url.js';
import { utf8 } from '../bytes.js';
import type { Signer } from '../keys/account-keys.js';
import type { SealedRequest, SealedResponse } from './sealed-request.js';
import { SEALED_RESPONSE_TYP, SIGNED_RESPONSE_TYP } from './sealed-request.js';

/** The random part of an answer, in bytes. */
export const NONCE_BYTES = 32;

/** What to answer, and to which request. */
export interface SealedResponseInput extends SealedResponse {
  readonly request: Pick<SealedRequest, 'clientKey' | 'jti'> & { readonly requestHash: string };
  readonly signer: Signer;
  /** 32 random bytes; made here where they are left out. */
  readonly nonce?: Uint8Array;
}

/** Signs an answer and seals it to the client: the body for `content-type: application/jose`. */
export async function makeSealedResponse(input: SealedResponseInput): Promise<string> {
  const { request, signer, status, headers, body } = input;
  const random = input.nonce ?? crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  if (random.length !== NONCE_BYTES) throw new TypeError('a nonce has 32 bytes');
  const nonce = encodeBase64url(random);
  const payload = { v: 1, jti: request.jti, request: request.requestHash, nonce, status, headers, body };
  const jws = await new CompactSign(utf8(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', kid: signer.kid, typ: SIGNED_RESPONSE_TYP, nonce })
    .sign(signer.privateKey);
  const { kid, ...key } = request.clientKey;
  return new CompactEncrypt(utf8(jws))
    .setProtectedHeader({
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
      typ: SEALED_RESPONSE_TYP,
      cty: SIGNED_RESPONSE_TYP,
      kid,
    })
    .encrypt(await importJWK(key, 'RSA-OAEP-256'));
}
