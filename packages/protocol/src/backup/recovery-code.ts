import { ProtocolError } from '../errors.js';
import { appendCheck, hasCheck } from './code-check.js';

declare const recovery: unique symbol;

/** 24 characters that open a backup: 22 random ones, 110 bits, and 2 that tell a typing mistake. */
export type RecoveryCode = string & { readonly [recovery]: true };

/** Base32 without the letters that people take for digits, or would rather not read. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What people write where they mean a digit. */
const LOOK_ALIKES: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

const RANDOM_CHARACTERS = 22;
const CHARACTERS = 24;

/**
 * A new recovery code.
 *
 * @param random 22 random bytes, of which five bits each are used; made here where they are left out
 */
export function generateRecoveryCode(
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(RANDOM_CHARACTERS)),
): RecoveryCode {
  if (random.length !== RANDOM_CHARACTERS) throw new TypeError('a recovery code is made of 22 random bytes');
  const symbols = appendCheck(Array.from(random, (byte) => byte & 31));
  return symbols.map((symbol) => ALPHABET.charAt(symbol)).join('') as RecoveryCode;
}

/** The code in groups of four, as it is shown and printed. */
export function formatRecoveryCode(code: RecoveryCode): string {
  return (code.match(/.{4}/g) ?? []).join('-');
}

/**
 * The code that somebody typed: in any case, with or without hyphens and spaces, with I, L and O for 1, 1 and 0. One
 * or two wrong characters, or two that changed places, are always noticed.
 *
 * @throws ProtocolError `mistyped-code`
 */
export function parseRecoveryCode(typed: string): RecoveryCode {
  const letters = typed.slice(0, 200).toUpperCase().replace(/[\s-]/g, '');
  const code = letters.replace(/[ILO]/g, (letter) => LOOK_ALIKES[letter] ?? letter);
  const symbols = Array.from(code, (letter) => ALPHABET.indexOf(letter));
  if (symbols.length !== CHARACTERS || symbols.includes(-1) || !hasCheck(symbols)) {
    throw new ProtocolError('mistyped-code', 'the recovery code has a typing mistake');
  }
  return code as RecoveryCode;
}
