import { rows, type Queryable } from '../../database/rows.js';
import { nodesOf, rootOf, type Node, type NodeId } from './core/nodes.js';
import type { Range } from './core/ranges.js';

/** The hashes over ranges of leaves: one read of the complete subtrees that they are made of. */
export async function rangeHashes(db: Queryable, ranges: readonly Range[]): Promise<Buffer[]> {
  const found = await readNodes(db, ranges.flatMap(nodesOf));
  return ranges.map((range) =>
    rootOf(
      nodesOf(range).map((node) => {
        const hash = found.get(nameOf(node));
        if (hash === undefined) throw new Error(`the key log lacks the node ${nameOf(node)}`);
        return hash;
      }),
    ),
  );
}

/** The hashes of the subtrees of the first `size` leaves, the largest first. */
export async function peaksOf(db: Queryable, size: number): Promise<Buffer[]> {
  return rangeHashes(
    db,
    nodesOf({ start: 0, end: size }).map(({ level, index }) => ({
      start: index * 2 ** level,
      end: (index + 1) * 2 ** level,
    })),
  );
}

export async function insertNodes(tx: Queryable, nodes: readonly Node[]): Promise<void> {
  await tx.query(
    `INSERT INTO key_log_nodes (level, index, hash)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])`,
    [nodes.map(({ level }) => level), nodes.map(({ index }) => index), nodes.map(({ hash }) => hash)],
  );
}

async function readNodes(db: Queryable, nodes: readonly NodeId[]): Promise<Map<string, Buffer>> {
  if (nodes.length === 0) return new Map();
  const wanted = [...new Map(nodes.map((node) => [nameOf(node), node])).values()];
  const found = await rows<{ level: number; index: number; hash: Buffer }>(
    db,
    `SELECT level, index, hash
     FROM unnest($1::smallint[], $2::bigint[]) AS wanted (level, index) JOIN key_log_nodes USING (level, index)`,
    [wanted.map(({ level }) => level), wanted.map(({ index }) => index)],
  );
  return new Map(found.map((node) => [nameOf(node), node.hash]));
}

function nameOf({ level, index }: NodeId): string {
  return `${level}/${index}`;
}
