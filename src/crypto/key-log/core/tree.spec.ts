import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendLeaf, nodesOf, rootOf, type NodeId } from './nodes.js';
import { consistencyPath, inclusionPath, type Range } from './ranges.js';
import { EMPTY_ROOT, leafHash } from './tree-hash.js';

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The leaves and roots of the reference implementation's own test. */
const LEAVES = [
  '', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex')); // prettier-ignore
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** RFC 6962 §2.1, word for word: the tree's hash over all leaves. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [leaf] = leaves;
  if (leaf === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaf);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** A log in memory, grown leaf by leaf as the database's is. */
function grow(leaves: readonly Buffer[]) {
  const nodes = new Map<string, Buffer>();
  const name = ({ level, index }: NodeId): string => `${level}/${index}`;
  const hashOf = (range: Range): Buffer =>
    rootOf(
      nodesOf(range).map((node) => {
        const hash = nodes.get(name(node));
        if (hash === undefined) throw new Error(`no node ${name(node)}`);
        return hash;
      }),
    );
  const roots = leaves.map((leaf, size) => {
    const peaks = nodesOf({ start: 0, end: size }).map((node) => nodes.get(name(node)) as Buffer);
    const grown = appendLeaf(size, peaks, leafHash(leaf));
    for (const node of grown.nodes) {
      expect(nodes.has(name(node))).toBe(false);
      nodes.set(name(node), node.hash);
    }
    return grown.root;
  });
  return { roots, hashOf };
}

/** RFC 9162 §2.1.3.2: the root that a path leads to, in 64-bit integers as the RFC writes it. */
function followInclusion(index: number, size: number, leaf: Buffer, path: readonly Buffer[]): Buffer {
  let fn = BigInt(index);
  let sn = BigInt(size) - 1n;
  let hash = leafHash(leaf);
  for (const step of path) {
    if (sn === 0n) throw new Error('the path is too long');
    if (fn % 2n === 1n || fn === sn) {
      hash = sha256(Buffer.of(1), step, hash);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else hash = sha256(Buffer.of(1), hash, step);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) throw new Error('the path is too short');
  return hash;
}

describe('the log’s tree', () => {
  it('has the roots of the reference implementation’s test vectors, leaf by leaf', () => {
    expect(grow(LEAVES).roots.map((root) => root.toString('hex'))).toEqual(ROOTS);
  });

  it('has the root of nothing while it is empty', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(rootOf([])).toEqual(EMPTY_ROOT);
  });

  it('grows to the roots that RFC 6962 defines', () => {
    const leaves = Array.from({ length: 70 }, (_, i) => Buffer.from(`leaf ${i}`));
    expect(grow(leaves).roots).toEqual(leaves.map((_, i) => treeHash(leaves.slice(0, i + 1))));
  });

  it('proves every leaf in every tree', () => {
    const leaves = Array.from({ length: 33 }, (_, i) => Buffer.from(`leaf ${i}`));
    const { roots, hashOf } = grow(leaves);
    for (let size = 1; size <= leaves.length; size++)
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(index, size).map(hashOf);
        expect(followInclusion(index, size, leaves[index] ?? Buffer.of(), path)).toEqual(roots[size - 1]);
      }
  });

  it('proves every tree to be the beginning of every larger one, in the RFC’s order', () => {
    const leaves = Array.from({ length: 33 }, (_, i) => Buffer.from(`leaf ${i}`));
    const { hashOf } = grow(leaves);
    for (let to = 1; to <= leaves.length; to++)
      for (let from = 1; from <= to; from++)
        expect(consistencyPath(from, to).map(hashOf)).toEqual(proof(from, leaves.slice(0, to), true));
  });

  it('reads a few nodes for a proof of any size up to 2^53', () => {
    const sizes = fc.maxSafeNat().filter((size) => size > 0);
    fc.assert(
      fc.property(sizes, fc.maxSafeNat(), (size, any) => {
        const index = any % size;
        const covered = [...inclusionPath(index, size), { start: index, end: index + 1 }]
          .toSorted((a, b) => a.start - b.start)
          .reduce((end, range) => (range.start === end ? range.end : NaN), 0);
        expect(covered).toBe(size);
        expect(inclusionPath(index, size).flatMap(nodesOf).length).toBeLessThanOrEqual(106);
        expect(consistencyPath(index + 1, size).flatMap(nodesOf).length).toBeLessThanOrEqual(106);
      }),
    );
  });

  it('does not append where a peak is missing', () => {
    expect(() => appendLeaf(1, [], leafHash(Buffer.of()))).toThrow(TypeError);
  });
});

/** RFC 6962 §2.1.2, SUBPROOF word for word. */
function proof(m: number, leaves: readonly Buffer[], isWhole: boolean): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [treeHash(leaves)];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return m <= k
    ? [...proof(m, leaves.slice(0, k), isWhole), treeHash(leaves.slice(k))]
    : [...proof(m - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))];
}
