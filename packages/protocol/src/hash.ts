import { encodeBase64url } from './base64url.js';
import { type Bytes, utf8 } from './bytes.js';

interface NodeCrypto {
  createHash(algorithm: 'sha256'): { update(data: Uint8Array): { digest(): Uint8Array } };
}

/** Node's, reached without an import, which no browser could follow; nothing anywhere else. */
const node = (
  globalThis as { process?: { getBuiltinModule?: (id: 'node:crypto') => NodeCrypto } }
).process?.getBuiltinModule?.('node:crypto');
/** WebCrypto in Node hands each call to another thread, which takes longer than hashing so much at once. */
const AT_ONCE_BYTES = 16 * 1024;

/** SHA-256 of the bytes: 32 bytes. */
export async function sha256(data: Uint8Array): Promise<Bytes> {
  return node !== undefined && data.length <= AT_ONCE_BYTES
    ? new Uint8Array(node.createHash('sha256').update(data).digest())
    : new Uint8Array(await crypto.subtle.digest('SHA-256', data as Bytes));
}

/** SHA-256 of the bytes, or of a text's UTF-8, as 43 characters of base64url. */
export async function sha256Base64url(data: Uint8Array | string): Promise<string> {
  return encodeBase64url(await sha256(typeof data === 'string' ? utf8(data) : data));
}
