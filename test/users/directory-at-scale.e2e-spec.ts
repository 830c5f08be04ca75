import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { startWithAdmin } from './admins.js';

/** `DIRECTORY_ROWS=1000000` for the real size; index or no index shows at this one too. */
const ROWS = Number(process.env['DIRECTORY_ROWS'] ?? 40_000);

interface Plan {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

let server: TestApp;
let root: Person;
beforeAll(async () => {
  ({ server, root } = await startWithAdmin());
  await server.database.query(
    `INSERT INTO users (id, username, email, display_name, role, created_at)
     SELECT gen_random_uuid(), 'u' || substr(md5(n::text), 1, 12), 'u' || n || '@example.org',
       (ARRAY['Anna', 'Ben', 'Chloé', 'Dmitri'])[1 + n % 4] || ' ' || substr(md5('x' || n), 1, 6), 'user', now()
     FROM generate_series(1, $1) AS n`,
    [ROWS],
  );
  await server.database.query('ANALYZE users');
}, 600_000);
afterAll(() => server.close());

/** Rows that the database looked at for a request's searches, and how. */
async function explain(path: string): Promise<{ looked: number; nodes: string[]; cursor: string | null }> {
  const dataSource = server.app.get(DataSource);
  const query = vi.spyOn(dataSource, 'query');
  const answer = await root.browser.get(path);
  const searches = query.mock.calls.filter(([sql]) => sql.includes(' AS part'));
  query.mockRestore();
  expect(answer.status).toBe(200);
  let looked = 0;
  const nodes: string[] = [];
  const walk = (plan: Plan): void => {
    nodes.push(plan['Node Type']);
    if (/Scan/.test(plan['Node Type']))
      looked += (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
    plan.Plans?.forEach(walk);
  };
  for (const [sql, parameters] of searches) {
    const [row] = await server.database.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      parameters as unknown[],
    );
    walk(row!['QUERY PLAN'][0]!.Plan);
  }
  return { looked, nodes, cursor: answer.body.nextCursor };
}

describe(`the directory with ${ROWS} accounts`, () => {
  it.each([
    ['everybody', ''],
    ['a short prefix', 'query=u'],
    ['a longer prefix', 'query=u1a'],
    ['a display name that a quarter begin with', 'query=anna'],
    ['a rare prefix', 'query=dmitri+00'],
    ['nothing', 'query=nobody+at+all'],
    ['an address', 'query=u7@example.org'],
  ])('reads a page of %s, and the one after it, along an index', async (_, query) => {
    const first = await explain(`/api/users?${query}`);
    const pages = [first];
    if (first.cursor !== null) pages.push(await explain(`/api/users?${query}&cursor=${first.cursor}`));
    for (const { looked, nodes } of pages) {
      expect(nodes).not.toContain('Seq Scan');
      expect(looked, nodes.join()).toBeLessThan(600);
    }
  });
});
