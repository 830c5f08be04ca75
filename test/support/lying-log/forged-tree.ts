import { leafData, type LogEntry } from '@sealgate/protocol';
import { appendLeaf, nodesOf, rootOf } from '../../../src/crypto/key-log/core/nodes.js';
import { consistencyPath, inclusionPath, type Range } from '../../../src/crypto/key-log/core/ranges.js';
import { leafHash } from '../../../src/crypto/key-log/core/tree-hash.js';

/** A whole Merkle tree over whatever entries its maker likes, with correct proofs for it. */
export class ForgedTree {
  private readonly nodes = new Map<string, Buffer>();

  constructor(readonly entries: readonly LogEntry[]) {
    for (const [size, entry] of entries.entries()) {
      const peaks = nodesOf({ start: 0, end: size }).map(({ level, index }) => this.node(level, index));
      for (const node of appendLeaf(size, peaks, leafHash(leafData(entry))).nodes)
        this.nodes.set(`${node.level}/${node.index}`, node.hash);
    }
  }

  get size(): number {
    return this.entries.length;
  }

  root(size = this.size): Buffer {
    return this.hashOf({ start: 0, end: size });
  }

  inclusion(index: number, size = this.size): Buffer[] {
    return inclusionPath(index, size).map((range) => this.hashOf(range));
  }

  consistency(from: number, to: number): Buffer[] {
    return consistencyPath(from, to).map((range) => this.hashOf(range));
  }

  /** The complete nodes of a level from `start` to before `end`. */
  level(level: number, start: number, end: number): Buffer[] {
    return Array.from({ length: end - start }, (_, i) => this.node(level, start + i));
  }

  private hashOf(range: Range): Buffer {
    return rootOf(nodesOf(range).map(({ level, index }) => this.node(level, index)));
  }

  private node(level: number, index: number): Buffer {
    const hash = this.nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new RangeError(`the forged tree has no node ${level}/${index}`);
    return hash;
  }
}
