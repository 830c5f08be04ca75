import { leafData, type LogEntry } from '@sealgate/protocol';
import { randomBytes } from 'node:crypto';
import { appendLeaf, nodesOf, type Node } from '../../src/crypto/key-log/core/nodes.js';
import { leafHash } from '../../src/crypto/key-log/core/tree-hash.js';
import { LogSigner } from '../../src/crypto/key-log/log-signer.service.js';
import { signUp } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';

const BATCH = 20_000;

/**
 * Fills an empty log with this many leaves of one account, as that many registrations would have: only the statements
 * are missing. A hundred thousand take a few seconds.
 */
export async function growLog(server: TestApp, size: number): Promise<LogEntry[]> {
  const { user } = await signUp(server);
  const entries: LogEntry[] = Array.from({ length: size }, (_, i) => ({
    v: 1,
    user: user.id,
    version: i + 1,
    statement: randomBytes(32).toString('base64url'),
  }));
  const { nodes, root } = treeOf(entries);
  const { database, app } = server;
  for (let at = 0; at < size; at += BATCH)
    await database.query(
      `INSERT INTO key_log_leaves (index, user_id, version, statement_hash, created_at)
       SELECT version - 1, $1, version, hash, now() FROM unnest($2::int[], $3::bytea[]) AS leaf (version, hash)`,
      [
        user.id,
        entries.slice(at, at + BATCH).map(({ version }) => version),
        entries.slice(at, at + BATCH).map(({ statement }) => Buffer.from(statement, 'base64url')),
      ],
    );
  for (let at = 0; at < nodes.length; at += BATCH) {
    const batch = nodes.slice(at, at + BATCH);
    await database.query(
      `INSERT INTO key_log_nodes (level, index, hash)
       SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])`,
      [batch.map(({ level }) => level), batch.map(({ index }) => index), batch.map(({ hash }) => hash)],
    );
  }
  const checkpoint = await app.get(LogSigner).sign({ size, root });
  await database.query('UPDATE key_log_head SET size = $1, root = $2, checkpoint = $3', [
    size,
    root,
    checkpoint,
  ]);
  return entries;
}

function treeOf(entries: readonly LogEntry[]): { nodes: Node[]; root: Buffer } {
  const nodes: Node[] = [];
  const known = new Map<string, Buffer>();
  let root: Buffer = Buffer.alloc(0);
  for (const [size, entry] of entries.entries()) {
    const peaks = nodesOf({ start: 0, end: size }).map(({ level, index }) => known.get(`${level}/${index}`));
    const grown = appendLeaf(size, peaks as Buffer[], leafHash(leafData(entry)));
    for (const node of grown.nodes) known.set(`${node.level}/${node.index}`, node.hash);
    nodes.push(...grown.nodes);
    root = grown.root;
  }
  return { nodes, root };
}
