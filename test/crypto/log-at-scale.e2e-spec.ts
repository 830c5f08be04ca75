import { verifyConsistency, verifyInclusion } from '@sealgate/protocol';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyLog } from '../../src/crypto/key-log/key-log.service.js';
import type { Node } from '../../src/crypto/key-log/core/nodes.js';
import { consistencyPath, inclusionPath, type Range } from '../../src/crypto/key-log/core/ranges.js';
import { rangeHashes } from '../../src/crypto/key-log/tree-store.js';
import { ForgedTree } from '../support/lying-log/forged-tree.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { growLog } from './grow-log.js';
import { signUpWithKeys } from './key-holder.js';

const SIZE = 100_000;
/** One proof of this tree has at most 17 hashes; the last of them may be made of 17 nodes. */
const MOST_NODES = 34;

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
  await growLog(server, SIZE);
  await server.database.query('ANALYZE key_log_nodes, key_log_leaves');
});
afterAll(() => server.close());

/** The server's own code on its own database, with a look at what it asks for. */
async function countReads(
  ranges: readonly Range[],
): Promise<{ queries: number; nodes: number; hashes: Buffer[] }> {
  const counted = { queries: 0, nodes: 0 };
  const dataSource = server.app.get(DataSource);
  const query = async (sql: string, parameters: unknown[]): Promise<Node[]> => {
    counted.queries += 1;
    const found = await dataSource.query<Node[]>(sql, parameters);
    counted.nodes += found.length;
    return found;
  };
  const hashes = await rangeHashes({ query } as unknown as DataSource, ranges);
  return { ...counted, hashes };
}

describe('a log of 100 000 leaves', () => {
  it('proves any leaf and any growth by one query for a few nodes', async () => {
    for (const at of [0, 1, 4_095, 65_535, 65_536, 99_998, 99_999]) {
      for (const ranges of [inclusionPath(at, SIZE), consistencyPath(at + 1, SIZE)]) {
        const { queries, nodes } = await countReads(ranges);
        expect(queries).toBe(ranges.length === 0 ? 0 : 1);
        expect(nodes).toBeLessThanOrEqual(MOST_NODES);
      }
    }
  });

  it('reads nodes and leaves by their keys: no scan of a table', async () => {
    const plans = await Promise.all(
      [
        `SELECT level, index, hash FROM unnest('{0,3,16}'::smallint[], '{7,90,0}'::bigint[]) AS wanted (level, index)
         JOIN key_log_nodes USING (level, index)`,
        'SELECT hash FROM key_log_nodes WHERE level = 0 AND index >= 512 AND index < 768 ORDER BY index',
        'SELECT user_id FROM key_log_leaves WHERE index >= 512 AND index < 768 ORDER BY index',
      ].map((sql) => server.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`)),
    );
    for (const plan of plans) {
      const text = plan.map((line) => line['QUERY PLAN']).join('\n');
      expect(text).toContain('Index');
      expect(text).not.toContain('Seq Scan');
    }
  });

  it('grows by one as any log does', async () => {
    const { registered } = await signUpWithKeys(server);
    expect(registered.log).toMatchObject({ index: SIZE, size: SIZE + 1 });
    expect(registered.log.hashes.length).toBeLessThanOrEqual(17);
    const { hashes } = (await server.browser().get(`/api/log/proof/consistency?from=${SIZE}&to=${SIZE + 1}`))
      .body;
    expect(hashes.length).toBeLessThanOrEqual(18);
  });

  it('costs its verifier little more than one of 1 000 does', async () => {
    const entries = await server.app.get(KeyLog).entries(0, 1_000);
    const small = new ForgedTree(entries);
    const head = await server.app.get(KeyLog).head();
    const { size, root } = head;
    const from = { size: 77_777, root: await rootAt(77_777) };
    const large = {
      inclusion: {
        leaf: await leafAt(777),
        index: 777,
        size,
        root,
        proof: await server.app.get(KeyLog).inclusion(777, size),
      },
      consistency: {
        from,
        to: { size, root },
        proof: await server.app.get(KeyLog).consistency(from.size, size),
      },
    };
    const little = {
      inclusion: {
        leaf: await leafAt(777),
        index: 777,
        size: 1_000,
        root: small.root(),
        proof: small.inclusion(777),
      },
      consistency: {
        from: { size: 777, root: small.root(777) },
        to: { size: 1_000, root: small.root() },
        proof: small.consistency(777, 1_000),
      },
    };
    // 17 hashes against 10, and twice as many for growth; the best of many runs, as others use the machine too.
    expect(await best(() => verifyInclusion(large.inclusion))).toBeLessThan(
      4 * (await best(() => verifyInclusion(little.inclusion))),
    );
    expect(await best(() => verifyConsistency(large.consistency))).toBeLessThan(
      5 * (await best(() => verifyConsistency(little.consistency))),
    );
  });
});

async function leafAt(index: number): Promise<Buffer> {
  const [node] = await server.database.query<{ hash: Buffer }>(
    'SELECT hash FROM key_log_nodes WHERE level = 0 AND index = $1',
    [index],
  );
  return node?.hash ?? Buffer.of();
}

async function rootAt(size: number): Promise<Buffer> {
  const { hashes } = await countReads([{ start: 0, end: size }]);
  return hashes[0] ?? Buffer.of();
}

async function best(work: () => Promise<void>): Promise<number> {
  const times = [];
  for (let run = 0; run < 200; run += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return Math.min(...times);
}
