import { emptyRoot, foldSubtrees, nodeHash } from './merkle-hash.js';
import { coverRange, type ReadNodes, type TreeNode } from './tree-node.js';

/** All that an append needs of a tree: the complete subtrees that cover it, the largest first. O(log n). */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** A node with its hash, to be stored. */
export interface HashedNode extends TreeNode {
  readonly hash: Uint8Array;
}

/** The frontier of the tree without leaves. */
export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** The frontier of a tree of this size, out of its stored nodes. */
export async function readFrontier(size: number, readNodes: ReadNodes): Promise<Frontier> {
  return { size, hashes: size === 0 ? [] : await readNodes(coverRange(0, size)) };
}

/** The root of the frontier's tree. */
export async function frontierRoot({ size, hashes }: Frontier): Promise<Uint8Array> {
  return size === 0 ? emptyRoot() : foldSubtrees(hashes);
}

/**
 * Appends one leaf.
 *
 * @returns the new frontier, and the nodes that have become complete, the leaf first: the ones to store, from which
 *   `inclusionProof` and `consistencyProof` read
 */
export async function appendLeaf(
  frontier: Frontier,
  leaf: Uint8Array,
): Promise<{ readonly frontier: Frontier; readonly nodes: readonly HashedNode[] }> {
  const hashes = [...frontier.hashes];
  let node: HashedNode = { level: 0, index: frontier.size, hash: leaf };
  const nodes = [node];
  // As in a binary counter: a right child completes its parent.
  while (node.index % 2 === 1) {
    const left = hashes.pop();
    if (left === undefined) throw new TypeError('the frontier does not belong to its size');
    node = { level: node.level + 1, index: (node.index - 1) / 2, hash: await nodeHash(left, node.hash) };
    nodes.push(node);
  }
  return { frontier: { size: frontier.size + 1, hashes: [...hashes, node.hash] }, nodes };
}
