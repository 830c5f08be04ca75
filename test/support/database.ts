import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of a test file's own, cloned from the migrated template. */
export interface TestDatabase {
  url: string;
  query<Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** @param keys `none` as at the very first start; `template` are under the tests' `MASTER_KEY`, and as good as new. */
export async function cloneDatabase({
  keys = 'template',
}: { keys?: 'template' | 'none' } = {}): Promise<TestDatabase> {
  const template = new URL(inject('databaseUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  const templateName = template.pathname.slice(1);
  const admin = new URL(template);
  admin.pathname = '/postgres';
  await once(admin, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${templateName}`));
  const own = new URL(template);
  own.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: own.href, max: 4 });
  pool.on('error', () => undefined);
  await pool.query(keys === 'none' ? 'DELETE FROM server_keys' : AS_NEW);
  return {
    url: own.href,
    query: async <Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []) =>
      (await pool.query<Row>(sql, parameters)).rows,
    drop: async () => {
      await pool.end();
      await once(admin, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

const AS_NEW = `UPDATE server_keys SET created_at = now(),
  activated_at = CASE WHEN activated_at IS NOT NULL THEN now() END`;

async function once(url: URL, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
