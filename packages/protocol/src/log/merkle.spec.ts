import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { bytes, CONSISTENCY, hex, INCLUSION, LEAVES, ROOTS } from '../testing/reference-tree.js';
import { refusal } from '../testing/refusal.js';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, frontierRoot, readFrontier } from './frontier.js';
import { emptyRoot, leafHash, nodeHash } from './merkle-hash.js';
import { consistencyProof, inclusionProof } from './prove.js';
import { coverRange, type ReadNodes, splitPoint, type TreeNode } from './tree-node.js';
import { verifyConsistency, verifyInclusion } from './verify-proofs.js';

vi.setConfig({ testTimeout: 60_000 });

/** A log with these leaves, grown one by one, and a count of what was read of it. */
async function grow(leaves: readonly Uint8Array[]) {
  const stored = new Map<string, Uint8Array>();
  const roots: Uint8Array[] = [await frontierRoot(EMPTY_FRONTIER)];
  let frontier: Frontier = EMPTY_FRONTIER;
  const reads: TreeNode[] = [];
  for (const leaf of leaves) {
    const appended = await appendLeaf(frontier, await leafHash(leaf));
    ({ frontier } = appended);
    for (const { level, index, hash } of appended.nodes) {
      expect(stored.has(`${level}/${index}`)).toBe(false);
      stored.set(`${level}/${index}`, hash);
    }
    roots.push(await frontierRoot(frontier));
  }
  const readNodes: ReadNodes = async (nodes) => {
    reads.push(...nodes);
    return nodes.map(({ level, index }) => {
      const hash = stored.get(`${level}/${index}`);
      if (hash === undefined) throw new Error(`node ${level}/${index} was never stored`);
      return hash;
    });
  };
  return { frontier, roots, readNodes, reads };
}

/** RFC 6962 §2.1, word for word. */
async function mth(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  if (leaves.length === 0) return emptyRoot();
  const [only] = leaves;
  if (only !== undefined && leaves.length === 1) return leafHash(only);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(await mth(leaves.slice(0, k)), await mth(leaves.slice(k)));
}

const reference = await grow(LEAVES.map(bytes));
const SIZE = 17;
const numbered = Array.from({ length: SIZE }, (_, i) => Uint8Array.of(i));
const log = await grow(numbered);

describe('the tree of the reference implementation', () => {
  it('has its roots', () => {
    expect(hex(reference.roots[0] ?? bytes(''))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(reference.roots.slice(1).map(hex)).toEqual(ROOTS);
  });

  it.each(INCLUSION)('has its inclusion proof of leaf %i in %i', async (index, size, proof) => {
    expect((await inclusionProof(index, size, reference.readNodes)).map(hex)).toEqual(proof);
    const leaf = await leafHash(bytes(LEAVES[index] ?? ''));
    await verifyInclusion({ leaf, index, size, root: bytes(ROOTS[size - 1] ?? ''), proof: proof.map(bytes) });
  });

  it.each(CONSISTENCY)('has its consistency proof from %i to %i', async (from, to, proof) => {
    expect((await consistencyProof(from, to, reference.readNodes)).map(hex)).toEqual(proof);
    const [fromRoot, toRoot] = [bytes(ROOTS[from - 1] ?? ''), bytes(ROOTS[to - 1] ?? '')];
    await verifyConsistency({
      from: { size: from, root: fromRoot },
      to: { size: to, root: toRoot },
      proof: proof.map(bytes),
    });
  });
});

describe('a growing tree', () => {
  it('has the root of RFC 6962 at every size, appended to or read back', async () => {
    for (let size = 0; size <= SIZE; size += 1) {
      const root = hex(await mth(numbered.slice(0, size)));
      expect(hex(log.roots[size] ?? bytes(''))).toBe(root);
      expect(hex(await frontierRoot(await readFrontier(size, log.readNodes)))).toBe(root);
    }
  });

  it('proves every leaf at every size, and no other', async () => {
    for (let size = 1; size <= SIZE; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(index, size, log.readNodes);
        const leaf = await leafHash(Uint8Array.of(index));
        const claim = { leaf, index, size, root: log.roots[size] ?? leaf, proof };
        await verifyInclusion(claim);
        const other = (index + 1) % size;
        if (other !== index)
          expect(await refusal(() => verifyInclusion({ ...claim, index: other }))).toBe('bad-proof');
        expect(await refusal(() => verifyInclusion({ ...claim, proof: [...proof, leaf] }))).toBe('bad-proof');
        expect(await refusal(() => verifyInclusion({ ...claim, root: leaf, proof: [...proof, leaf] }))).toBe(
          'bad-proof',
        );
        if (size > 1)
          expect(await refusal(() => verifyInclusion({ ...claim, proof: proof.slice(1) }))).toBe('bad-proof');
      }
    }
  });

  it('proves that it only grew, between all sizes', async () => {
    for (let to = 1; to <= SIZE; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const proof = await consistencyProof(from, to, log.readNodes);
        const root = log.roots[to] ?? bytes('');
        const claim = { from: { size: from, root: log.roots[from] ?? root }, to: { size: to, root }, proof };
        await verifyConsistency(claim);
        const forked = { size: from, root: log.roots[from - 1] ?? root };
        const grown = { size: to, root: log.roots[to - 1] ?? root };
        for (const bad of [
          { ...claim, from: forked },
          { ...claim, to: grown },
          { ...claim, proof: [...proof, root] },
          { ...claim, proof: [root, ...proof] },
          ...(from < to
            ? [
                { ...claim, proof: proof.slice(1) },
                { ...claim, proof: proof.slice(0, -1) },
              ]
            : []),
        ]) {
          expect(await refusal(() => verifyConsistency(bad))).toBe('bad-proof');
        }
      }
    }
  });

  it('refuses proofs for a tree of another height, even where they lead to the root', async () => {
    const [four, eight] = [log.roots[4] ?? bytes(''), log.roots[8] ?? bytes('')];
    const leaf = await leafHash(Uint8Array.of(0));
    const one = { size: 1, root: leaf };
    const inFour = await inclusionProof(0, 4, log.readNodes);
    const inEight = await inclusionProof(0, 8, log.readNodes);
    const above = await nodeHash(four, eight);
    for (const claim of [
      { leaf, index: 0, size: 8, root: four, proof: inFour },
      { leaf, index: 0, size: 4, root: eight, proof: inEight },
      { leaf, index: 3, size: 4, root: above, proof: [...(await inclusionProof(3, 4, log.readNodes)), four] },
      { leaf: eight, index: 0, size: 1, root: above, proof: [four] },
    ]) {
      expect(await refusal(() => verifyInclusion(claim))).toBe('bad-proof');
    }
    for (const [size, root, proof] of [
      [8, four, inFour],
      [4, eight, inEight],
    ] as const) {
      expect(await refusal(() => verifyConsistency({ from: one, to: { size, root }, proof }))).toBe(
        'bad-proof',
      );
    }
    const grown = { size: 8, root: await nodeHash(four, eight) };
    const from = { size: 8, root: eight };
    expect(await refusal(() => verifyConsistency({ from, to: grown, proof: [] }))).toBe('bad-proof');
  });

  it('is proven from few nodes', async () => {
    log.reads.length = 0;
    await inclusionProof(0, SIZE, log.readNodes);
    expect(log.reads.length).toBeLessThanOrEqual(6);
  });

  it('refuses a proof with any bit changed', async () => {
    const proof = await consistencyProof(5, 15, log.readNodes);
    const root = (size: number) => log.roots[size] ?? bytes('');
    await fc.assert(
      fc.asyncProperty(fc.nat(proof.length - 1), fc.nat(255), async (at, bit) => {
        const changed = proof.map((hash) => hash.slice());
        const hash = changed[at] ?? bytes('');
        hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const claim = {
          from: { size: 5, root: root(5) },
          to: { size: 15, root: root(15) },
          proof: changed,
        };
        expect(await refusal(() => verifyConsistency(claim))).toBe('bad-proof');
      }),
    );
  });
});

it.each([
  [0, 0],
  [0, 5],
  [6, 5],
  [-1, 5],
  [1.5, 5],
  [Number.NaN, 5],
  [1, Number.POSITIVE_INFINITY],
])('makes and takes no consistency proof from %d to %d', async (from, to) => {
  expect(await refusal(() => consistencyProof(from, to, log.readNodes))).toBe('out-of-range');
  const root = log.roots[5] ?? bytes('');
  const claim = { from: { size: from, root }, to: { size: to, root }, proof: [] };
  expect(await refusal(() => verifyConsistency(claim))).toBe('out-of-range');
});

it.each([
  [0, 0],
  [5, 5],
  [-1, 5],
  [0.5, 5],
])('makes and takes no inclusion proof of leaf %d in %d', async (index, size) => {
  expect(await refusal(() => inclusionProof(index, size, log.readNodes))).toBe('out-of-range');
  const root = log.roots[5] ?? bytes('');
  expect(await refusal(() => verifyInclusion({ leaf: root, index, size, root, proof: [] }))).toBe(
    'out-of-range',
  );
});

it('splits and covers ranges of any size exactly', () => {
  expect([2, 3, 4, 5, 8, 9].map(splitPoint)).toEqual([1, 2, 2, 4, 4, 8]);
  expect(splitPoint(2 ** 49 + 1)).toBe(2 ** 49);
  expect(splitPoint(2 ** 50)).toBe(2 ** 49);
  expect(coverRange(0, 2 ** 52 - 1).map(({ level }) => level)).toEqual(
    Array.from({ length: 52 }, (_, i) => 51 - i),
  );
});
