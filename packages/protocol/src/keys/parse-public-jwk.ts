import { decodeBase64url } from '../base64url.js';
import { ProtocolError } from '../errors.js';
import { base64urlOf, exactObject, sha256TextOf } from '../shape.js';
import type { EncryptionJwk, SigningJwk } from './jwk.js';
import { isOnP256 } from './p256.js';
import { thumbprint } from './thumbprint.js';
import { isWeakModulus } from './weak-modulus.js';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const MIN_MODULUS_BITS = 3072;
const MAX_MODULUS_BITS = 4096;

/**
 * A public encryption key under our rules. jose would take a key with e = 1, whose "ciphertext" is the padded
 * content key in the clear, a ROCA modulus, and a private key.
 *
 * @throws ProtocolError with the rule that it breaks
 * @see RFC 7518 §6.3.1
 */
export async function parseEncryptionJwk(value: unknown): Promise<EncryptionJwk> {
  refusePrivateMembers(value);
  requireAlgorithm(value, { kty: 'RSA', alg: 'RSA-OAEP-256', use: 'enc' });
  const jwk = exactObject(value, 'the encryption key', ['kty', 'n', 'e', 'alg', 'use', 'kid']);
  const n = base64urlOf(jwk.n, 'the modulus', 1, 4096);
  if (jwk.e !== 'AQAB') throw new ProtocolError('exponent', 'the public exponent is not 65537');
  refuseBadModulus(n);
  const kid = sha256TextOf(jwk.kid, 'kid');
  requireThumbprint(kid, await thumbprint({ kty: 'RSA', n, e: 'AQAB' }));
  return { kty: 'RSA', n, e: 'AQAB', alg: 'RSA-OAEP-256', use: 'enc', kid };
}

/**
 * A public signing key under our rules.
 *
 * @throws ProtocolError with the rule that it breaks
 * @see RFC 7518 §6.2.1
 */
export async function parseSigningJwk(value: unknown): Promise<SigningJwk> {
  refusePrivateMembers(value);
  requireAlgorithm(value, { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  const jwk = exactObject(value, 'the signing key', ['kty', 'crv', 'x', 'y', 'alg', 'use', 'kid']);
  const x = base64urlOf(jwk.x, 'x', 43);
  const y = base64urlOf(jwk.y, 'y', 43);
  if (!isOnP256(toBigInt(decodeBase64url(x)), toBigInt(decodeBase64url(y)))) {
    throw new ProtocolError('point-off-curve', 'the point is not on P-256');
  }
  const kid = sha256TextOf(jwk.kid, 'kid');
  requireThumbprint(kid, await thumbprint({ kty: 'EC', crv: 'P-256', x, y }));
  return { kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig', kid };
}

function refusePrivateMembers(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.keys(value).some((name) => PRIVATE_MEMBERS.includes(name))) {
    throw new ProtocolError('private-member', 'a public key holds a private member');
  }
}

/** Comes before the check of the members, so that a key of another kind is called that and not malformed. */
function requireAlgorithm(value: unknown, expected: Readonly<Record<string, string>>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (Object.hasOwn(expected, name) && member !== expected[name]) {
      throw new ProtocolError('algorithm', `the key's ${name} is not ${expected[name] ?? ''}`);
    }
  }
}

function refuseBadModulus(encoded: string): void {
  const bytes = decodeBase64url(encoded);
  const first = bytes[0] ?? 0;
  if (first === 0) throw new ProtocolError('malformed', 'the modulus begins with a zero byte');
  const bits = bytes.length * 8 - (Math.clz32(first) - 24);
  if (bits < MIN_MODULUS_BITS) throw new ProtocolError('modulus-too-small', `the modulus has ${bits} bits`);
  if (bits > MAX_MODULUS_BITS) throw new ProtocolError('modulus-too-large', `the modulus has ${bits} bits`);
  if (isWeakModulus(toBigInt(bytes)))
    throw new ProtocolError('weak-modulus', 'the modulus is known to be weak');
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}

function requireThumbprint(kid: string, expected: string): void {
  if (kid !== expected) throw new ProtocolError('thumbprint', 'kid is not the thumbprint of the key');
}
