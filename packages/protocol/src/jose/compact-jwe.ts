import { decodeBase64url } from '../base64url.js';
import type { JsonObject } from '../json/json.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import { base64urlOf, check } from '../shape.js';

const MAX_HEADER_LENGTH = 512;

/** Base64url of 384 to 512 bytes: what RSA with 3072 to 4096 bits makes. */
export const ENCRYPTED_KEY_LENGTH = { min: 512, max: 683 };

/** Base64url of AES-GCM's 12 bytes. */
export const IV_LENGTH = 16;

/** Base64url of AES-GCM's 16 bytes. */
export const TAG_LENGTH = 22;

/** A JWE taken apart, nothing of it decrypted. */
export interface CompactJwe {
  readonly header: JsonObject;
  readonly protected: string;
  readonly encrypted_key: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

/**
 * A compact JWE with A256GCM, taken apart strictly.
 *
 * @param keyManagement whether there is an encrypted key
 * @param maxLength of the whole, in characters
 * @throws ProtocolError `malformed`
 * @see RFC 7516 §7.1
 */
export function parseCompactJwe(text: unknown, keyManagement: 'rsa' | 'dir', maxLength: number): CompactJwe {
  check(typeof text === 'string' && text.length <= maxLength, 'the JWE is not text that fits');
  const parts = text.split('.', 6);
  check(parts.length === 5, 'a compact JWE has five parts');
  const [header, key, iv, ciphertext, tag] = parts;
  const { min, max } = keyManagement === 'rsa' ? ENCRYPTED_KEY_LENGTH : { min: 0, max: 0 };
  const protectedHeader = base64urlOf(header, 'the header', 1, MAX_HEADER_LENGTH);
  return {
    header: parseJsonObject(decodeBase64url(protectedHeader)),
    protected: protectedHeader,
    encrypted_key: base64urlOf(key, 'the encrypted key', min, max),
    iv: base64urlOf(iv, 'iv', IV_LENGTH),
    ciphertext: base64urlOf(ciphertext, 'ciphertext', 1, maxLength),
    tag: base64urlOf(tag, 'tag', TAG_LENGTH),
  };
}
