import { createHash } from 'node:crypto';

// The protocol package has these too, over WebCrypto. There each hash waits for the thread pool, and with it for the
// password hashes of that moment; an append makes dozens of them under a lock that all replicas wait for.

/** The root of the tree without leaves: SHA-256 of nothing. @see RFC 6962 §2.1 */
export const EMPTY_ROOT: Buffer = createHash('sha256').digest();

/** A leaf's hash. The prefix keeps leaves and nodes apart: no node can be passed off as a leaf. @see RFC 6962 §2.1 */
export function leafHash(data: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(data).digest();
}

/** The hash over two subtrees. @see RFC 6962 §2.1 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}
