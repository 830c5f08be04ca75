import { arrayOf, check } from '../shape.js';
import type { Bytes } from '../bytes.js';
import { decodeBase64 } from './base64.js';
import { HASH_BYTES } from './merkle-hash.js';

/** A tree of 2^53 leaves has proofs of at most 54 hashes. */
const MAX_HASHES = 64;

/**
 * The `hashes` of a proof as the log's routes give them.
 *
 * @throws ProtocolError `malformed`
 */
export function parseProofHashes(value: unknown): readonly Bytes[] {
  return arrayOf(value, 'hashes', 0, MAX_HASHES).map((text) => {
    check(typeof text === 'string' && text.length <= 44, 'a hash of the proof is not base64');
    const hash = decodeBase64(text);
    check(hash.length === HASH_BYTES, 'a hash of the proof has the wrong length');
    return hash;
  });
}
