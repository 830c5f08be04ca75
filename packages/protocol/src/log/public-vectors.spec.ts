import { describe, expect, it } from 'vitest';
import { bytes, CONSISTENCY, hex, INCLUSION, LEAVES, ROOTS } from '../testing/reference-tree.js';
import { refusal } from '../testing/refusal.js';
import { parseCheckpoint } from './checkpoint.js';
import { emptyRoot, leafHash } from './merkle-hash.js';
import { parseNote } from './signed-note.js';
import {
  verifyConsistency,
  verifyInclusion,
  type ConsistencyClaim,
  type InclusionClaim,
} from './verify-proofs.js';

/** As github.com/transparency-dev/merkle tampers with each good proof in proof/verify_test.go and testdata/. */
const SOME_HASH = bytes('abacaba000000000000000000000000000000000000000000060061e00123456');
const GARBAGE = new Uint8Array();
const WRONG = new TextEncoder().encode('WrongLeaf');
const root = (size: number): Uint8Array => bytes(ROOTS[size - 1] ?? '');

/** One bit of one hash is another. */
function withBit(proof: readonly Uint8Array[], at: number, bit: number): Uint8Array[] {
  return proof.map((hash, i) => (i === at ? hash.with(0, (hash[0] ?? 0) ^ bit) : hash));
}

async function tamperedInclusions(good: InclusionClaim): Promise<[string, Partial<InclusionClaim>][]> {
  const { index, size, proof } = good;
  const [first] = proof;
  return [
    ['leafIndex - 1', { index: index - 1 }],
    ['leafIndex + 1', { index: index + 1 }],
    ['leafIndex ^ 2', { index: index ^ 2 }],
    ['treeSize * 2', { size: size * 2 }],
    ['treeSize / 2', { size: Math.floor(size / 2) }],
    ['wrong leaf', { leaf: WRONG }],
    ['empty root', { root: await emptyRoot() }],
    ['random root', { root: SOME_HASH }],
    ['trailing garbage', { proof: [...proof, GARBAGE] }],
    ['trailing root', { proof: [...proof, good.root] }],
    ['preceding garbage', { proof: [GARBAGE, ...proof] }],
    ['preceding root', { proof: [good.root, ...proof] }],
    ...proof.map((_, i): [string, Partial<InclusionClaim>] => [
      `modified proof[${i}] bit 3`,
      { proof: withBit(proof, i, 8) },
    ]),
    ...(first === undefined
      ? []
      : ([
          ['removed component', { proof: proof.slice(0, -1) }],
          ['inserted component', { proof: [first, SOME_HASH, ...proof.slice(1)] }],
        ] satisfies [string, Partial<InclusionClaim>][])),
  ];
}

function tamperedConsistencies({ from, to, proof }: ConsistencyClaim): [string, Partial<ConsistencyClaim>][] {
  return [
    ['size1 - 1', { from: { ...from, size: from.size - 1 } }],
    ['size1 + 1', { from: { ...from, size: from.size + 1 } }],
    ['size1 ^ 2', { from: { ...from, size: from.size ^ 2 } }],
    ['size2 * 2', { to: { ...to, size: to.size * 2 } }],
    ['size2 / 2', { to: { ...to, size: Math.floor(to.size / 2) } }],
    ['wrong root1', { from: { ...from, root: WRONG } }],
    ['wrong root2', { to: { ...to, root: WRONG } }],
    ['swapped roots', { from: { ...from, root: to.root }, to: { ...to, root: from.root } }],
    ['empty proof', { proof: [] }],
    ['trailing garbage', { proof: [...proof, GARBAGE] }],
    ['trailing root1', { proof: [...proof, from.root] }],
    ['trailing root2', { proof: [...proof, to.root] }],
    ['preceding garbage', { proof: [GARBAGE, ...proof] }],
    ['preceding root1', { proof: [from.root, ...proof] }],
    ['preceding root2', { proof: [to.root, ...proof] }],
    ['preceding proof[0]', { proof: [...proof.slice(0, 1), ...proof] }],
    ['truncated proof', { proof: proof.slice(0, -1) }],
    ...proof.map((_, i): [string, Partial<ConsistencyClaim>] => [
      `modified proof[${i}] bit 4`,
      { proof: withBit(proof, i, 16) },
    ]),
  ];
}

describe('the tampered proofs of transparency-dev/merkle', () => {
  it.each(INCLUSION)('of inclusion of leaf %i in %i are all refused', async (index, size, proof) => {
    const leaf = await leafHash(bytes(LEAVES[index] ?? ''));
    const good: InclusionClaim = { leaf, index, size, root: root(size), proof: proof.map(bytes) };
    await verifyInclusion(good);
    for (const [name, change] of await tamperedInclusions(good))
      expect(await refusal(() => verifyInclusion({ ...good, ...change })), name).toMatch(
        /^(bad-proof|out-of-range)$/,
      );
  });

  it.each(CONSISTENCY.filter(([, , proof]) => proof.length > 0))(
    'of consistency from %i to %i are all refused',
    async (from, to, proof) => {
      const good: ConsistencyClaim = {
        from: { size: from, root: root(from) },
        to: { size: to, root: root(to) },
        proof: proof.map(bytes),
      };
      await verifyConsistency(good);
      for (const [name, change] of tamperedConsistencies(good))
        expect(await refusal(() => verifyConsistency({ ...good, ...change })), name).toMatch(
          /^(bad-proof|out-of-range)$/,
        );
    },
  );

  it('of one leaf alone: its hash is the root, and nothing else is', async () => {
    const hash = await leafHash(new TextEncoder().encode('data'));
    await verifyInclusion({ leaf: hash, index: 0, size: 1, root: hash, proof: [] });
    for (const [leaf, other] of [[hash, GARBAGE], [GARBAGE, hash], [GARBAGE, GARBAGE]] as const)
      expect(await refusal(() => verifyInclusion({ leaf, index: 0, size: 1, root: other, proof: [] }))).toBe('bad-proof');
  }); // prettier-ignore

  it('of trees that are empty, or go back in time, are refused where others take an empty proof for them', async () => {
    const empty = await emptyRoot();
    for (const [from, to, proof] of [[0, 0, []], [0, 1, []], [1, 0, []], [2, 1, []], [0, 0, [empty]], [0, 1, [empty]]] as const)
      expect(
        await refusal(() => verifyConsistency({ from: { size: from, root: empty }, to: { size: to, root: empty }, proof })),
      ).toBe('out-of-range');
    const one = { size: 1, root: empty };
    expect(await refusal(() => verifyConsistency({ from: one, to: one, proof: [empty] }))).toBe('bad-proof');
    for (const [index, size] of [[0, 0], [1, 0], [2, 1], [2 ** 64, 8]] as const)
      expect(await refusal(() => verifyInclusion({ leaf: SOME_HASH, index, size, root: empty, proof: [] }))).toBe('out-of-range');
  }); // prettier-ignore
});

describe('the examples of C2SP', () => {
  it('tlog-checkpoint is read: origin, size, root and who signed', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
    const { checkpoint, note } = parseCheckpoint(example);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(hex(checkpoint.root)).toBe('0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62');
    expect(note.signatures).toMatchObject([{ name: 'example.com/behind-the-sofa' }]);
    expect(hex(note.signatures[0]?.keyId ?? GARBAGE)).toBe('033de0ae');
    expect(note.signatures[0]?.signature).toHaveLength(64);
  });

  it('signed-note is read: a text with an empty line in it', () => {
    const text =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n';
    const signature =
      'NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=';
    const note = parseNote(`${text}\n— quasimodo.example/salvatore ${signature}\n`);
    expect(note.text).toBe(text);
    expect(note.signatures).toMatchObject([{ name: 'quasimodo.example/salvatore' }]);
    expect(note.signatures[0]?.signature).toHaveLength(64);
  });
});
