import { createHmac, randomBytes } from 'node:crypto';

export const RECOVERY_CODE_COUNT = 10;
/** 80 bits: enough that a keyed hash needs no stretching (NIST SP 800-63B-4 §4.2.1.1 asks for 64). */
const CODE_BYTES = 10;
/** Crockford's base32: no I, L, O or U to misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A recovery code as it is shown: 16 characters in groups of four. */
export type RecoveryCode = string & { readonly __brand: 'RecoveryCode' };
/** What the database keeps of it. */
export type RecoveryCodeHash = Buffer & { readonly __brand: 'RecoveryCodeHash' };

export function newRecoveryCodes(): RecoveryCode[] {
  return Array.from({ length: RECOVERY_CODE_COUNT }, () => format(randomBytes(CODE_BYTES)));
}

function format(bytes: Buffer): RecoveryCode {
  let bits = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let i = 0; i < (CODE_BYTES * 8) / 5; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return (text.match(/.{4}/g) ?? []).join('-') as RecoveryCode;
}

/**
 * Reads what a person typed: either case, with or without dashes and spaces, O for 0, I and L for 1.
 * @returns null where it cannot be a recovery code.
 */
export function parseRecoveryCode(typed: string): RecoveryCode | null {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (plain.length !== (CODE_BYTES * 8) / 5 || [...plain].some((letter) => !ALPHABET.includes(letter)))
    return null;
  return (plain.match(/.{4}/g) ?? []).join('-') as RecoveryCode;
}

/** Keyed, so that a stolen table cannot be searched, and bound to the account. */
export function hashRecoveryCode(code: RecoveryCode, userId: string, key: Buffer): RecoveryCodeHash {
  return createHmac('sha256', key).update(`recovery-code:${userId}:${code}`).digest() as RecoveryCodeHash;
}
