import { decodeBase64url, encodeBase64url } from '../base64url.js';
import type { Bytes } from '../bytes.js';
import { ProtocolError } from '../errors.js';

/** Bytes in the standard alphabet, padded: what checkpoints and proofs use. @see RFC 4648 §4 */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/**
 * The bytes of strict, padded base64.
 *
 * @throws ProtocolError `malformed`
 */
export function decodeBase64(text: string): Bytes {
  const bytes = decodeBase64url(text.replace(/={1,2}$/, '').replace(/[-_+/]/g, (c) => TRANSLATION[c] ?? c));
  if (encodeBase64(bytes) !== text) throw new ProtocolError('malformed', 'not strict base64');
  return bytes;
}

/** The characters of the other alphabet become ones that are in neither. */
const TRANSLATION: Readonly<Record<string, string>> = { '+': '-', '/': '_', '-': '.', _: '.' };
