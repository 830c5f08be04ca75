import type { Range } from './ranges.js';
import { EMPTY_ROOT, nodeHash } from './tree-hash.js';

/** A complete subtree: 2^level leaves, from leaf index · 2^level on. Once there, it never changes. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

export interface Node extends NodeId {
  readonly hash: Buffer;
}

/** The complete subtrees that make up a range of {@link Range}'s paths, or a whole tree, the largest first. */
export function nodesOf({ start, end }: Range): NodeId[] {
  const nodes: NodeId[] = [];
  for (let from = start; from < end;) {
    let level = 0;
    while (2 ** (level + 1) <= end - from) level++;
    nodes.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return nodes;
}

/** The hash over neighbouring subtrees as {@link nodesOf} lists them. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/**
 * What one more leaf adds.
 * @param size how many leaves there are before.
 * @param peaks the hashes of the subtrees of those leaves, as {@link nodesOf} lists them.
 * @returns the subtrees that the leaf completes, itself first, and the new root.
 */
export function appendLeaf(
  size: number,
  peaks: readonly Buffer[],
  leaf: Buffer,
): { nodes: Node[]; root: Buffer } {
  const open = [...peaks];
  const nodes: Node[] = [{ level: 0, index: size, hash: leaf }];
  let { level, index, hash }: Node = { level: 0, index: size, hash: leaf };
  // Every odd index has its complete left neighbour as the last open peak.
  while (index % 2 === 1) {
    const left = open.pop();
    if (left === undefined) throw new TypeError('a peak is missing');
    hash = nodeHash(left, hash);
    index = (index - 1) / 2;
    nodes.push({ level: ++level, index, hash });
  }
  return { nodes, root: rootOf([...open, hash]) };
}
