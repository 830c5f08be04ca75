import { equalBytes } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { HASH_BYTES, nodeHash } from './merkle-hash.js';

/** What an inclusion proof says: that `leaf`, a leaf hash, stands at `index` (from 0) in the tree of this root. */
export interface InclusionClaim {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** What a consistency proof says: that the tree `to` begins with the leaves of the tree `from`. */
export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/**
 * Checks an inclusion proof; one hash too many or too few is refused like a wrong one.
 *
 * @throws ProtocolError `out-of-range` or `bad-proof`
 * @see RFC 9162 §2.1.3.2
 */
export async function verifyInclusion({ leaf, index, size, root, proof }: InclusionClaim): Promise<void> {
  if (!areSizes(index, size) || index >= size) throw new ProtocolError('out-of-range', 'no such leaf');
  requireHashes(leaf, root, ...proof);
  let [fn, sn] = [index, size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    requireProof(sn !== 0, 'the proof is too long');
    const isRight = fn % 2 === 1 || fn === sn;
    hash = isRight ? await nodeHash(sibling, hash) : await nodeHash(hash, sibling);
    [fn, sn] = climb(fn, sn, isRight);
  }
  requireProof(sn === 0, 'the proof is too short');
  requireProof(equalBytes(hash, root), 'the proof does not lead to the root');
}

/**
 * Checks a consistency proof; one hash too many or too few is refused like a wrong one.
 *
 * @throws ProtocolError `out-of-range` (the tree `from` must have a leaf) or `bad-proof`
 * @see RFC 9162 §2.1.4.2
 */
export async function verifyConsistency({ from, to, proof }: ConsistencyClaim): Promise<void> {
  if (!areSizes(from.size, to.size) || from.size === 0 || from.size > to.size) {
    throw new ProtocolError('out-of-range', 'no such trees');
  }
  requireHashes(from.root, to.root, ...proof);
  if (from.size === to.size) {
    requireProof(
      proof.length === 0 && equalBytes(from.root, to.root),
      'two trees of one size are not the same',
    );
    return;
  }
  let [fn, sn] = [from.size - 1, to.size - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  // fn is 0 where the smaller tree is a complete subtree, whose root the proof leaves out.
  const [first, ...rest] = fn === 0 ? [from.root, ...proof] : proof;
  requireProof(first !== undefined, 'the proof is too short');
  let [fromHash, toHash] = [first, first];
  for (const hash of rest) {
    requireProof(sn !== 0, 'the proof is too long');
    const isRight = fn % 2 === 1 || fn === sn;
    if (isRight) fromHash = await nodeHash(hash, fromHash);
    toHash = isRight ? await nodeHash(hash, toHash) : await nodeHash(toHash, hash);
    [fn, sn] = climb(fn, sn, isRight);
  }
  requireProof(sn === 0, 'the proof is too short');
  requireProof(equalBytes(fromHash, from.root), 'the proof does not lead to the smaller root');
  requireProof(equalBytes(toHash, to.root), 'the proof does not lead to the larger root');
}

/** One level up; past the levels where the last node has no sibling. */
function climb(fn: number, sn: number, isRight: boolean): [number, number] {
  let node = fn;
  let last = sn;
  if (isRight) {
    while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
  }
  return [Math.floor(node / 2), Math.floor(last / 2)];
}

function areSizes(...sizes: readonly number[]): boolean {
  return sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function requireHashes(...hashes: readonly Uint8Array[]): void {
  requireProof(
    hashes.every(({ length }) => length === HASH_BYTES),
    'a hash of the proof has the wrong length',
  );
}

function requireProof(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ProtocolError('bad-proof', message);
}
