import { type CryptoKey, importJWK } from 'jose';
import { equalBytes, utf8 } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { base64urlOf, exactObject } from '../shape.js';
import type { AccountKeys } from './account-keys.js';
import { parseEncryptionJwk, parseSigningJwk } from './parse-public-jwk.js';

/** Longer than any member of a 4096-bit key. */
const MAX_MEMBER_LENGTH = 1024;

const PROBE = utf8('sealgate');

/**
 * Keys to work with from private JWKs. The public parts obey the rules of any public key, and each private key is
 * tried against its public one: a pair that does not belong together would make messages that nobody can read.
 *
 * @throws ProtocolError with the rule that they break
 */
export async function importAccountKeys(
  value: unknown,
  options: { readonly extractable?: boolean } = {},
): Promise<AccountKeys> {
  const { encryptionKey, signingKey } = exactObject(value, 'the private keys', [
    'encryptionKey',
    'signingKey',
  ]);
  const rsa = split(encryptionKey, ['kty', 'n', 'e', 'alg', 'use', 'kid'], ['d', 'p', 'q', 'dp', 'dq', 'qi']);
  const ec = split(signingKey, ['kty', 'crv', 'x', 'y', 'alg', 'use', 'kid'], ['d']);
  const encryptionJwk = await parseEncryptionJwk(rsa.publicPart);
  const signingJwk = await parseSigningJwk(ec.publicPart);
  const extractable = options.extractable ?? false;
  try {
    const decrypting = await importJWK({ ...encryptionJwk, ...rsa.privatePart }, 'RSA-OAEP-256', {
      extractable,
    });
    const signing = await importJWK({ ...signingJwk, ...ec.privatePart }, 'ES256', { extractable });
    const encrypting = await importJWK(encryptionJwk, 'RSA-OAEP-256');
    const verifying = await importJWK(signingJwk, 'ES256');
    if (!(await decrypts(encrypting, decrypting)) || !(await signs(signing, verifying))) {
      throw new ProtocolError('malformed', 'a private key does not belong to its public key');
    }
    return {
      encryption: { jwk: encryptionJwk, privateKey: decrypting },
      signing: { jwk: signingJwk, privateKey: signing },
    };
  } catch (cause) {
    if (cause instanceof ProtocolError) throw cause;
    throw new ProtocolError('malformed', 'a private key cannot be used', { cause });
  }
}

function split(value: unknown, publicNames: readonly string[], privateNames: readonly string[]) {
  const jwk = exactObject(value, 'a private key', [...publicNames, ...privateNames]);
  const secret = (name: string) => base64urlOf(jwk[name], 'a private member', 1, MAX_MEMBER_LENGTH);
  return {
    publicPart: Object.fromEntries(publicNames.map((name) => [name, jwk[name]])),
    privatePart: Object.fromEntries(privateNames.map((name) => [name, secret(name)])),
  };
}

async function decrypts(publicKey: CryptoKey, privateKey: CryptoKey): Promise<boolean> {
  const sealed = await crypto.subtle.encrypt('RSA-OAEP', publicKey, PROBE);
  return equalBytes(new Uint8Array(await crypto.subtle.decrypt('RSA-OAEP', privateKey, sealed)), PROBE);
}

async function signs(privateKey: CryptoKey, publicKey: CryptoKey): Promise<boolean> {
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, privateKey, PROBE);
  return crypto.subtle.verify(algorithm, publicKey, signature, PROBE);
}
