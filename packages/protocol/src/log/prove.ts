import { ProtocolError } from '../errors.js';
import { foldSubtrees } from './merkle-hash.js';
import { coverRange, type ReadNodes, splitPoint } from './tree-node.js';

/** Leaves from `start` to `end`, exclusive. */
type Range = readonly [start: number, end: number];

/**
 * The hashes that lead from one leaf to the root, the leaf's sibling first.
 *
 * @param index counts from 0; `size` is the tree's
 * @throws ProtocolError `out-of-range` unless 0 ≤ index < size
 * @see RFC 6962 §2.1.1
 */
export async function inclusionProof(
  index: number,
  size: number,
  readNodes: ReadNodes,
): Promise<Uint8Array[]> {
  if (!areSizes(index, size) || index >= size) throw new ProtocolError('out-of-range', 'no such leaf');
  const siblings: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const split = start + splitPoint(end - start);
    siblings.push(index < split ? [split, end] : [start, split]);
    [start, end] = index < split ? [start, split] : [split, end];
  }
  return subtreeHashes(siblings.reverse(), readNodes);
}

/**
 * The hashes that show that a larger tree begins with the leaves of a smaller one. Empty where both are the same size.
 *
 * @throws ProtocolError `out-of-range` unless 0 < from ≤ to: every tree extends the empty one, which proves nothing
 * @see RFC 6962 §2.1.2
 */
export async function consistencyProof(
  from: number,
  to: number,
  readNodes: ReadNodes,
): Promise<Uint8Array[]> {
  if (!areSizes(from, to) || from === 0 || from > to)
    throw new ProtocolError('out-of-range', 'no such trees');
  const ranges: Range[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const split = start + splitPoint(end - start);
    ranges.push(from <= split ? [split, end] : [start, split]);
    [start, end] = from <= split ? [start, split] : [split, end];
  }
  // The smaller tree itself, which its holder knows, where it is a complete subtree.
  if (start > 0) ranges.push([start, end]);
  return subtreeHashes(ranges.reverse(), readNodes);
}

function areSizes(...sizes: readonly number[]): boolean {
  return sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
}

async function subtreeHashes(ranges: readonly Range[], readNodes: ReadNodes): Promise<Uint8Array[]> {
  const covers = ranges.map(([start, end]) => coverRange(start, end));
  const nodes = covers.flat();
  const hashes = nodes.length === 0 ? [] : await readNodes(nodes);
  if (hashes.length !== nodes.length) throw new TypeError('a node of the tree is missing');
  const proof: Uint8Array[] = [];
  let read = 0;
  for (const { length } of covers) {
    proof.push(await foldSubtrees(hashes.slice(read, read + length)));
    read += length;
  }
  return proof;
}
