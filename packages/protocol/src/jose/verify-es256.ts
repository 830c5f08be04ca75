import { importJWK } from 'jose';
import type { Bytes } from '../bytes.js';
import type { SigningJwk } from '../keys/jwk.js';

const SIGNATURE_BYTES = 64;

/**
 * Whether an ES256 signature over these bytes is by this key. The caller has read the header strictly, so that all
 * that is left is the curve's arithmetic, which the platform does.
 *
 * @see RFC 7518 §3.4
 */
export async function verifyEs256(
  data: Uint8Array,
  signature: Uint8Array,
  key: SigningJwk,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const publicKey = await importJWK(key, 'ES256');
  return crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    publicKey,
    signature as Bytes,
    data as Bytes,
  );
}
