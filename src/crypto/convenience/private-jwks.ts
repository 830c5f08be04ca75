import { createECDH } from 'node:crypto';
import {
  isBase64url,
  parseEncryptionJwk,
  ProtocolError,
  thumbprint,
  type Signer,
  type SigningJwk,
} from '@sealgate/protocol';
import { importJWK, type CryptoKey } from 'jose';
import { ValidationFailed } from '../../common/problem/common.errors.js';

/** The private members of an RSA key. @see RFC 7518 §6.3.2 */
const RSA_PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const;
/** Longer than any of them with 4096 bits. */
const MAX_MEMBER_LENGTH = 1024;

type Jwk = Readonly<Record<string, unknown>>;

/**
 * The signing key whose public half is registered. That half is worked out from `d`: what the JWK says of its own
 * `x` and `y` proves nothing.
 * @throws ValidationFailed where it is another key, or none
 */
export async function importSigningKey(jwk: Jwk, registered: SigningJwk | null): Promise<Signer> {
  const { d } = jwk;
  if (registered === null || typeof d !== 'string' || !isPrivateHalf(d, registered))
    throw invalid('/signingKey', 'signingKey must be the private part of your current signing key');
  return { kid: registered.kid, privateKey: await importJWK({ ...registered, d }, 'ES256') };
}

/**
 * A decryption key under the rules of any account's: a modulus of a million bits would keep the server busy.
 * @throws ValidationFailed where it is none
 */
export async function importDecryptionKey(jwk: Jwk): Promise<{ kid: string; key: CryptoKey }> {
  const { n, e } = jwk;
  const secrets = RSA_PRIVATE.map((name) => [name, jwk[name]] as const);
  const hasSecrets = secrets.every(
    ([, value]) => typeof value === 'string' && value.length <= MAX_MEMBER_LENGTH && isBase64url(value),
  );
  if (jwk['kty'] !== 'RSA' || typeof n !== 'string' || e !== 'AQAB' || !hasSecrets)
    throw invalid('/privateKey', 'privateKey must be a private RSA JWK');
  try {
    const kid = await thumbprint({ kty: 'RSA', n, e });
    const publicJwk = await parseEncryptionJwk({ kty: 'RSA', n, e, alg: 'RSA-OAEP-256', use: 'enc', kid });
    const key = await importJWK({ ...publicJwk, ...Object.fromEntries(secrets) }, 'RSA-OAEP-256');
    return { kid, key };
  } catch (error) {
    if (!(error instanceof ProtocolError) && !(error instanceof DOMException)) throw error;
    throw invalid('/privateKey', 'privateKey must be a usable RSA JWK of 3072 to 4096 bits');
  }
}

function isPrivateHalf(d: string, { x, y }: SigningJwk): boolean {
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(Buffer.from(d, 'base64url'));
  } catch {
    // Zero, or not below the group's order.
    return false;
  }
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return ecdh.getPublicKey().equals(point);
}

function invalid(pointer: string, detail: string): ValidationFailed {
  return new ValidationFailed([{ pointer, detail }]);
}
