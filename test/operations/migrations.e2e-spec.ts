import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../../prisma-free-migrations/index.js';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { entities } from '../../src/entities.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

describe('replicas that start together', () => {
  it('migrate in turns, on a connection that may wait for its turn for as long as it takes', async () => {
    await database.query('DROP SCHEMA public CASCADE');
    await database.query('CREATE SCHEMA public');
    const replicas = await Promise.all(
      [1, 2, 3].map(() => createDataSource(database.url, 4, { entities, migrations }).initialize()),
    );
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(4242001)');
    const migrated = Promise.all(replicas.map((replica) => migrate(replica)));
    const waiting = `SELECT a.pid FROM pg_stat_activity a JOIN pg_locks l USING (pid)
       WHERE l.locktype = 'advisory' AND NOT l.granted AND a.datname = current_database()`;
    while ((await database.query(waiting)).length < 3) await new Promise((done) => setImmediate(done));
    await holder.end();
    await migrated;
    const [done] = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM schema_migrations',
    );
    expect(done?.count).toBe(migrations.length);
    // What a request may take is limited again on every connection.
    for (const replica of replicas) {
      const limits = await Promise.all([1, 2, 3, 4].map(() => replica.query('SHOW statement_timeout')));
      expect(new Set(limits.flat().map((row) => row.statement_timeout))).toEqual(new Set(['15s']));
      await replica.destroy();
    }
  });
});
