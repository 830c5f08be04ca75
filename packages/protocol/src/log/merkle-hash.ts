import { type Bytes, concat } from '../bytes.js';
import { sha256 } from '../hash.js';

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** A Merkle tree's hash has this many bytes. */
export const HASH_BYTES = 32;

/** The hash of a leaf. Its prefix keeps a leaf from being passed off as a node. @see RFC 6962 §2.1 */
export async function leafHash(data: Uint8Array): Promise<Bytes> {
  return sha256(concat(LEAF_PREFIX, data));
}

/** The hash of a node over its two children. @see RFC 6962 §2.1 */
export async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(concat(NODE_PREFIX, left, right));
}

/** The root of the tree without leaves. @see RFC 6962 §2.1 */
export async function emptyRoot(): Promise<Bytes> {
  return sha256(new Uint8Array());
}

/**
 * The hash over neighbouring complete subtrees, the largest first: the root of the subtree that they make.
 *
 * @throws TypeError where there are none
 */
export async function foldSubtrees(hashes: readonly Uint8Array[]): Promise<Uint8Array> {
  let right = hashes.at(-1);
  if (right === undefined) throw new TypeError('no subtrees');
  for (const left of hashes.slice(0, -1).reverse()) right = await nodeHash(left, right);
  return right;
}
