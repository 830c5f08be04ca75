import { type Bytes, utf8 } from '../bytes.js';
import { check } from '../shape.js';
import type { Argon2Parameters, BackupSecret } from './backup.js';

const KEY_BYTES = 32;

/** Says what the derived key is for, so that the same secret gives other keys elsewhere. */
const HKDF_INFO = 'sealgate backup v1 recovery-code';

/**
 * The key that a slot's secret gives. The recovery code is random and needs no slow hash; a passphrase does. Passphrases
 * are taken in Unicode's NFKC form, since keyboards differ in how they compose a letter.
 *
 * @throws TypeError where the given Argon2id does not give 32 bytes
 * @see RFC 5869, RFC 9106
 */
export async function slotKey(
  secret: BackupSecret,
  salt: Bytes,
  parameters: Argon2Parameters,
): Promise<Uint8Array> {
  if (secret.type === 'recovery-code') return hkdf(utf8(secret.code), salt);
  check(secret.passphrase !== '', 'the passphrase is empty');
  const { memoryKiB, iterations, parallelism } = parameters;
  const passphrase = utf8(secret.passphrase.normalize('NFKC'));
  const key = await secret.argon2id({
    passphrase,
    salt,
    memoryKiB,
    iterations,
    parallelism,
    hashBytes: KEY_BYTES,
  });
  if (key.length !== KEY_BYTES) throw new TypeError('Argon2id did not give the 32 bytes asked for');
  return key;
}

async function hkdf(secret: Bytes, salt: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(HKDF_INFO) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, KEY_BYTES * 8));
}
