import { logEntryOf } from '@sealgate/protocol';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import type { Answer } from '../support/browser.js';
import { makeKeys, signUpWithKeys, state, succeeding, type KeyHolder } from './key-holder.js';
import { LogReader } from './log-reader.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

describe('a deleted account', () => {
  it('leaves hashes in the log, and neither statements nor a backup', async () => {
    const ada = await signUpWithKeys(server);
    const bob = await signUp(server);
    await ada.browser.put('/api/crypto/backup', { version: 0, backup: { secret: 'sealed' } });
    const exported = await ada.browser.get('/api/users/me/export');
    expect(JSON.stringify(exported.body)).toContain(ada.statement.json.payload);
    expect(JSON.stringify(exported.body)).toContain('sealed');
    const before = await new LogReader(server.browser()).head();
    const deleted = await ada.browser.delete('/api/users/me', { password: ada.password });
    expect(deleted.status, JSON.stringify(deleted.body)).toBe(204);

    expect((await bob.browser.get(`/api/crypto/keys/${ada.user.id}`)).status).toBe(404);
    for (const table of ['key_statements', 'backups'])
      expect(await server.database.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [ada.user.id])).toEqual(
        [],
      );
    const log = new LogReader(server.browser());
    expect(await log.head()).toEqual(before);
    const { index } = ada.registered.log;
    expect(await log.entries(index, index + 1)).toEqual([logEntryOf(ada.statement)]);
    await log.requireIncluded(logEntryOf(ada.statement), index, before);
  });

  it('does not set its keys free for others', async () => {
    const ada = await signUpWithKeys(server);
    await ada.browser.delete('/api/users/me', { password: ada.password });
    const eve = await signUp(server);
    const { json } = await state(eve, ada.keys);
    expect(await eve.browser.post('/api/crypto/generate-keys', { statement: json })).toMatchObject({
      status: 409,
      body: { code: 'key_already_registered' },
    });
  });

  it.each<[string, (ada: KeyHolder) => Promise<Answer>]>([
    [
      'keys',
      async (ada) => {
        const { json } = await state(ada, await makeKeys(), succeeding(ada));
        return ada.browser.post('/api/crypto/generate-keys', { statement: json });
      },
    ],
    ['a backup', (ada) => ada.browser.put('/api/crypto/backup', { version: 0, backup: {} })],
  ])('is not given %s by a request that was under way when it was deleted', async (_, write) => {
    const ada = await signUpWithKeys(server);
    const deletion = new pg.Client({ connectionString: server.database.url });
    await deletion.connect();
    await deletion.query('BEGIN');
    await deletion.query('UPDATE users SET deleted_at = now() WHERE id = $1', [ada.user.id]);
    const answer = write(ada);
    // It has passed the guards and waits for what the deletion decides.
    await expect.poll(waitingQueries).toBe(1);
    await deletion.query('COMMIT');
    await deletion.end();
    expect(await answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

async function waitingQueries(): Promise<number> {
  const [row] = await server.database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}
