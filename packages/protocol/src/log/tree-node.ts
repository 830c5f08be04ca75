/**
 * A complete subtree: the one over the leaves from `index · 2^level` to `(index + 1) · 2^level`, exclusive. Once all
 * of its leaves are there its hash never changes, which makes it worth storing.
 */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** Reads the hashes of these nodes, in this order: one query, however many. */
export type ReadNodes = (nodes: readonly TreeNode[]) => Promise<readonly Uint8Array[]>;

/** The largest level whose subtree has at most this many leaves. `Math.log2` rounds wrongly from 2^49 − 1 on. */
function levelWithin(leaves: number): number {
  let level = 0;
  while (2 ** (level + 1) <= leaves) level += 1;
  return level;
}

/**
 * The complete subtrees that cover the leaves from `start` to `end`, exclusive, the largest first. For the ranges of
 * RFC 6962 `start` is a multiple of every one of them.
 */
export function coverRange(start: number, end: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = start; at < end;) {
    const level = levelWithin(end - at);
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** Where RFC 6962 splits a range of at least two leaves: at the largest power of two that is smaller. */
export function splitPoint(leaves: number): number {
  return 2 ** levelWithin(leaves - 1);
}
