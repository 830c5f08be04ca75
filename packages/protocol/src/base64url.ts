import { base64url } from 'jose';
import type { Bytes } from './bytes.js';
import { ProtocolError } from './errors.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Bytes in the URL-safe alphabet, without padding. @see RFC 7515 §2 */
export function encodeBase64url(bytes: Uint8Array): string {
  return base64url.encode(bytes);
}

/**
 * Whether every byte string has exactly one such text. jose takes white space, padding and stray final bits, with
 * which a relay could change a signed text without breaking its signature.
 *
 * @see RFC 4648 §3.5
 */
export function isBase64url(text: string): boolean {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return false;
  const unusedBits = { 0: 0, 2: 0b1111, 3: 0b11 }[text.length % 4] ?? 0;
  return unusedBits === 0 || (ALPHABET.indexOf(text.charAt(text.length - 1)) & unusedBits) === 0;
}

/**
 * The bytes of strict base64url text.
 *
 * @throws ProtocolError `malformed` for padding, white space, foreign characters or stray final bits
 */
export function decodeBase64url(text: string): Bytes {
  if (!isBase64url(text)) throw new ProtocolError('malformed', 'not strict base64url');
  return new Uint8Array(base64url.decode(text));
}
