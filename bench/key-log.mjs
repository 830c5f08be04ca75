// The key log at 100 000 leaves: what verifying costs a client in Node, what appending costs the server beside the
// database's write, and how many nodes a proof reads. Works on what is built: npm run build && node bench/key-log.mjs
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  formatCheckpoint,
  leafHash as leafHashOf,
  makeVerifierKey,
  verifyConsistency,
  verifyInclusion,
} from '@sealgate/protocol';
import { appendLeaf, nodesOf, rootOf } from '../dist/src/crypto/key-log/core/nodes.js';
import { consistencyPath, inclusionPath } from '../dist/src/crypto/key-log/core/ranges.js';
import { leafHash } from '../dist/src/crypto/key-log/core/tree-hash.js';

const ROUNDS = 500;
const nodes = new Map();
const roots = new Map();
const nodeAt = ({ level, index }) => nodes.get(`${level}/${index}`);
const dataOf = (i) => createHash('sha256').update(`leaf ${i}`).digest();
const hashes = (ranges) => ranges.map((range) => rootOf(nodesOf(range).map(nodeAt)));

for (const size of [1_000, 10_000, 100_000]) {
  grow(size);
  const report = { leaves: size, ...(await verifying(size)), ...(await appending(size)), ...reading(size) };
  console.log(JSON.stringify(report));
}

function grow(size) {
  for (let at = roots.size; at < size; at += 1) {
    const grown = appendLeaf(at, nodesOf({ start: 0, end: at }).map(nodeAt), leafHash(dataOf(at)));
    for (const { level, index, hash } of grown.nodes) nodes.set(`${level}/${index}`, hash);
    roots.set(at + 1, grown.root);
  }
}

async function verifying(size) {
  const root = roots.get(size);
  const inclusion = [];
  const consistency = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const index = (round * 7919) % size;
    const leaf = await leafHashOf(dataOf(index));
    const claim = { leaf, index, size, root, proof: hashes(inclusionPath(index, size)) };
    inclusion.push(await timed(() => verifyInclusion(claim)));
    const from = { size: index + 1, root: roots.get(index + 1) };
    const grown = { from, to: { size, root }, proof: hashes(consistencyPath(index + 1, size)) };
    consistency.push(await timed(() => verifyConsistency(grown)));
  }
  return { inclusionMs: summary(inclusion), consistencyMs: summary(consistency) };
}

/** All but the queries: the hashes of one more leaf, the root, and the signed head. */
async function appending(size) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = await makeVerifierKey('localhost:3000/log', raw);
  const peaks = nodesOf({ start: 0, end: size - 1 }).map(nodeAt);
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1)
    times.push(
      await timed(() => {
        const { root } = appendLeaf(size - 1, peaks, leafHash(dataOf(round)));
        return formatCheckpoint({ origin: key.name, size, root }, key, async (data) =>
          sign(null, data, privateKey),
        );
      }),
    );
  return { appendMs: summary(times) };
}

function reading(size) {
  const most = (paths) => Math.max(...paths.map((path) => path.flatMap(nodesOf).length));
  const places = Array.from({ length: ROUNDS }, (_, i) => (i * 7919) % size);
  return {
    nodesReadAtMost: {
      inclusion: most(places.map((index) => inclusionPath(index, size))),
      consistency: most(places.map((index) => consistencyPath(index + 1, size))),
    },
  };
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(3));
  return { best: at(0), median: at(0.5), p99: at(0.99) };
}
