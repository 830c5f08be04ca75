import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp, type Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { startWithAdmin } from './admins.js';

let server: TestApp;
let root: Person;
let other: pg.Client;
beforeAll(async () => {
  ({ server, root } = await startWithAdmin());
  other = new pg.Client({ connectionString: server.database.url });
  await other.connect();
  // So that it is the server whose wait PostgreSQL breaks.
  await other.query(`SET deadlock_timeout = '20s'`);
});
afterAll(async () => {
  await other.end();
  await server.close();
});

/** Until a statement of the server waits for a lock. */
async function untilItWaits(): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await server.database.query(sql)).length === 0);
}

describe('a transaction that locks the same rows in the other order', () => {
  it.each([
    ['suspension', (id: string) => root.browser.put(`/api/users/${id}`, { suspended: true }), 200],
    ['deletion', (id: string) => root.browser.delete(`/api/users/${id}`), 204],
  ])('makes a %s come second, not fail', async (_, end, status) => {
    const { user, browser } = await signUp(server);
    await other.query('BEGIN');
    await other.query('UPDATE sessions SET last_seen_at = now() WHERE user_id = $1', [user.id]);
    const ending = end(user.id);
    await untilItWaits();
    // Now each holds what the other waits for.
    await other.query('UPDATE users SET second_step_settled_at = now() WHERE id = $1', [user.id]);
    await other.query('COMMIT');
    expect((await ending).status).toBe(status);
    expect((await browser.get('/api/users/me')).status).toBe(401);
  });
});
