import { createHash } from 'node:crypto';
import { leafData, type LogEntry } from '@sealgate/protocol';
import { firstRow, rows, type Queryable } from '../../../database/rows.js';
import { appendLeaf, rootOf, type Node } from '../core/nodes.js';
import { leafHash } from '../core/tree-hash.js';
import { HEAD_ROW, leafRow, Misfit, nodeRow, statementRow } from './misfit.js';
import type { VerifiedHead } from './verify-head.js';

const BATCH = 1_000;

/** No leaf stands before it: also what somebody wrote with a negative index is found. */
const FIRST = '-9223372036854775808';

interface LeafRow {
  index: number;
  userId: string;
  version: number;
  statementHash: Buffer;
  /** What the account's statement of this version signs, as base64url; null where there is no statement. */
  payload: string | null;
  /** Whether the account still is: only a deleted one has leaves without statements. */
  isLive: boolean;
}

/**
 * Rebuilds the tree: leaf by leaf without a gap, every node, and at the end the root.
 * @returns how many nodes there are
 * @throws Misfit
 */
export async function verifyLeaves(
  db: Queryable,
  { size, root }: VerifiedHead,
  onProgress: (leaves: number) => void,
): Promise<number> {
  let peaks: readonly Buffer[] = [];
  let nodes = 0;
  let at = 0;
  for (;;) {
    const leaves = await readBatch(db, at === 0 ? FIRST : at);
    const grown: Node[] = [];
    for (const leaf of leaves) {
      requirePlace(leaf, at, size);
      const { nodes: added } = appendLeaf(at, peaks, leafHash(leafData(entryOf(leaf))));
      peaks = climb(peaks, added);
      grown.push(...added);
      at += 1;
    }
    await compareNodes(db, grown, leaves);
    requireStatements(leaves);
    nodes += grown.length;
    onProgress(at);
    if (leaves.length < BATCH) break;
  }
  if (at < size) throw new Misfit(leafRow(at), `is missing: the head's size is ${size}`);
  await refuseOtherNodes(db, size);
  if (!rootOf(peaks).equals(root)) throw new Misfit(HEAD_ROW, 'its root is not the hash over the leaves');
  return nodes;
}

async function readBatch(db: Queryable, start: number | string): Promise<LeafRow[]> {
  return rows<LeafRow>(
    db,
    `SELECT leaf.index, leaf.user_id AS "userId", leaf.version, leaf.statement_hash AS "statementHash",
            statement.statement ->> 'payload' AS payload, users.deleted_at IS NULL AS "isLive"
     FROM key_log_leaves AS leaf
     LEFT JOIN users ON users.id = leaf.user_id
     LEFT JOIN key_statements AS statement ON statement.user_id = leaf.user_id AND statement.version = leaf.version
     WHERE leaf.index >= $1 ORDER BY leaf.index LIMIT ${BATCH}`,
    [start],
  );
}

function requirePlace({ index }: LeafRow, expected: number, size: number): void {
  if (index < 0) throw new Misfit(leafRow(index), 'leaves are counted from 0');
  if (index > expected) throw new Misfit(leafRow(expected), `is missing: ${index} comes next`);
  if (index >= size) throw new Misfit(leafRow(index), `is beyond the head, whose size is ${size}`);
}

function entryOf({ userId, version, statementHash }: LeafRow): LogEntry {
  return { v: 1, user: userId, version, statement: statementHash.toString('base64url') };
}

/** The complete subtrees after a leaf was added, the largest first. */
function climb(peaks: readonly Buffer[], added: readonly Node[]): readonly Buffer[] {
  const top = added.at(-1);
  return top === undefined ? peaks : [...peaks.slice(0, peaks.length - added.length + 1), top.hash];
}

async function compareNodes(
  db: Queryable,
  grown: readonly Node[],
  leaves: readonly LeafRow[],
): Promise<void> {
  const found = await rows<{ hash: Buffer | null }>(
    db,
    `SELECT node.hash
     FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS wanted (level, index, place)
     LEFT JOIN key_log_nodes AS node USING (level, index) ORDER BY wanted.place`,
    [grown.map(({ level }) => level), grown.map(({ index }) => index)],
  );
  for (const [i, { level, index, hash }] of grown.entries()) {
    const stored = found[i]?.hash ?? null;
    if (stored === null) throw new Misfit(nodeRow(level, index), 'is missing');
    if (stored.equals(hash)) continue;
    const leaf = level === 0 ? leaves.find((one) => one.index === index) : undefined;
    throw leaf === undefined
      ? new Misfit(nodeRow(level, index), 'is not the hash over the two nodes below it')
      : blame(leaf, stored);
  }
}

/** A leaf and its node do not fit each other: the statement, where there is one, tells which of them was changed. */
function blame(leaf: LeafRow, node: Buffer): Misfit {
  const row = leafRow(leaf.index);
  if (leaf.payload === null) return new Misfit(row, 'it and its node in key_log_nodes do not fit each other');
  const stated = hashOf(leaf.payload);
  const original = leafHash(leafData({ ...entryOf(leaf), statement: stated.toString('base64url') }));
  return original.equals(node) || !stated.equals(leaf.statementHash)
    ? new Misfit(row, 'it is not what its node is the hash of')
    : new Misfit(nodeRow(0, leaf.index), 'is not the hash of its leaf');
}

/** The leaves are right by now. */
function requireStatements(leaves: readonly LeafRow[]): void {
  for (const { index, userId, version, statementHash, payload, isLive } of leaves) {
    if (payload === null && isLive)
      throw new Misfit(statementRow(userId, version), `is missing: leaf ${index} is about it`);
    if (payload !== null && !hashOf(payload).equals(statementHash))
      throw new Misfit(statementRow(userId, version), `it is not the statement that leaf ${index} is about`);
  }
}

/** Nodes of subtrees that are not complete, or that no tree has. */
async function refuseOtherNodes(db: Queryable, size: number): Promise<void> {
  const other = await firstRow<{ level: number; index: number }>(
    db,
    `SELECT level, index FROM key_log_nodes
     WHERE level < 0 OR index < 0 OR level > 53 OR index >= div($1::numeric, power(2::numeric, level))
     ORDER BY level, index LIMIT 1`,
    [size],
  );
  if (other !== null) throw new Misfit(nodeRow(other.level, other.index), 'the tree has no such node yet');
}

function hashOf(payload: string): Buffer {
  return createHash('sha256').update(Buffer.from(payload, 'base64url')).digest();
}
