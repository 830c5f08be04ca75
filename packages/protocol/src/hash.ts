import { encodeBase64url } from './base64url.js';
import { type Bytes, utf8 } from './bytes.js';

/** SHA-256 of the bytes: 32 bytes. */
export async function sha256(data: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data as Bytes));
}

/** SHA-256 of the bytes, or of a text's UTF-8, as 43 characters of base64url. */
export async function sha256Base64url(data: Uint8Array | string): Promise<string> {
  return encodeBase64url(await sha256(typeof data === 'string' ? utf8(data) : data));
}
