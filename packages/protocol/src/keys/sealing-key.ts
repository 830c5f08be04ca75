import { type CryptoKey, importJWK } from 'jose';
import type { EncryptionJwk } from './jwk.js';
import { parseEncryptionJwk } from './parse-public-jwk.js';

/** A key that passed every check, ready to seal to. */
export interface SealingKey {
  readonly jwk: EncryptionJwk;
  readonly key: CryptoKey;
}

/** By the object that a key came in: most messages go to the same few people. */
const checked = new WeakMap<object, SealingKey>();

/**
 * Checks and imports a key to seal to, once for each object that holds one and is as it was then.
 *
 * @throws ProtocolError with the rule that it breaks
 */
export async function sealingKey(value: EncryptionJwk): Promise<SealingKey> {
  const known = checked.get(value);
  if (known !== undefined && isSame(value, known.jwk)) return known;
  const jwk = await parseEncryptionJwk(value);
  const made = { jwk, key: await importJWK(jwk, 'RSA-OAEP-256') };
  checked.set(value, made);
  return made;
}

/** Whoever has the object may have changed it. */
function isSame(value: EncryptionJwk, jwk: EncryptionJwk): boolean {
  const names = Object.keys(jwk) as (keyof EncryptionJwk)[];
  return Object.keys(value).length === names.length && names.every((name) => value[name] === jwk[name]);
}
