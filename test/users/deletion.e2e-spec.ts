import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, login, newUsername, PASSWORD, register, signUp, signUpWith2fa } from '../support/people.js';
import type { Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { signUpWithKeys } from '../crypto/key-holder.js';
import { startWithAdmin } from './admins.js';

let server: TestApp;
let root: Person;
beforeAll(async () => {
  ({ server, root } = await startWithAdmin());
});
afterAll(() => server.close());

const GONE = ['passwords', 'identities', 'two_factor', 'recovery_codes', 'key_statements', 'backups'];

/** The rows of each table that point to an account. */
async function rowsOf(userId: string): Promise<Record<string, Record<string, unknown>[]>> {
  const tables = await server.database.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'uuid' AND column_name ~ 'user_id$|sender_id$|owner_id$'`,
  );
  const found: Record<string, Record<string, unknown>[]> = {};
  for (const { table, column } of tables) {
    const rows = await server.database.query(`SELECT * FROM ${table} WHERE ${column} = $1`, [userId]);
    if (rows.length > 0) found[table] = rows;
  }
  return found;
}

describe('deleting the own account', () => {
  it('takes the password: 204, and every session is over at once', async () => {
    const person = await signUp(server);
    const other = (await login(server, person)).browser;
    expect((await person.browser.delete('/api/users/me', { password: PASSWORD })).status).toBe(204);
    expect((await person.browser.get('/api/users/me')).status).toBe(401);
    expect((await other.get('/api/users/me')).status).toBe(401);
    expect((await other.post('/auth/refresh', {})).status).toBe(401);
    const again = (await login(server, person)).answer;
    expect(again).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    expect((await root.browser.get(`/api/users/${person.user.id}`)).status).toBe(404);
    expect((await root.browser.get(`/api/users?query=${person.user.username}`)).body.items).toEqual([]);
    expect((await root.browser.get('/api/users?query=deleted-')).body.items).toEqual([]);
  });

  it('takes a code where there is a second step', async () => {
    const person = await signUpWith2fa(server);
    const wrong = await person.browser.delete('/api/users/me', { code: '000000' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_code' } });
    const code = codeFor(server, person.secret);
    expect((await person.browser.delete('/api/users/me', { code })).status).toBe(204);
  });

  it('refuses a wrong password, none, both, and a malformed code', async () => {
    const { browser } = await signUp(server);
    const wrong = await browser.delete('/api/users/me', { password: 'not the password' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    for (const body of [undefined, {}, { password: PASSWORD, code: '000000' }, { code: '12345' }])
      expect((await browser.delete('/api/users/me', body)).status, JSON.stringify(body)).toBe(400);
    expect((await browser.get('/api/users/me')).status).toBe(200);
  });

  it('frees the address and never gives the username again', async () => {
    const { browser, user } = await signUp(server);
    await browser.delete('/api/users/me', { password: PASSWORD });
    const taken = await server
      .browser()
      .post('/auth/register', { username: user.username, email: user.email, password: PASSWORD });
    expect(taken).toMatchObject({ status: 409, body: { code: 'username_taken' } });
    const created = await root.browser.post('/api/users', { username: user.username, email: user.email });
    expect(created).toMatchObject({ status: 409, body: { code: 'username_taken' } });
    const other = await signUp(server);
    const renamed = await root.browser.put(`/api/users/${other.user.id}`, { username: user.username });
    expect(renamed).toMatchObject({ status: 409, body: { code: 'username_taken' } });
    await register(server, { email: user.email });
  });

  it('gives the username to nobody who asks for it during the deletion', async () => {
    for (let round = 0; round < 5; round++) {
      const { browser, user } = await signUp(server);
      const wish = { username: user.username, password: PASSWORD };
      const [deleted, ...others] = await Promise.all([
        browser.delete('/api/users/me', { password: PASSWORD }),
        ...Array.from({ length: 8 }, () =>
          server.browser().post('/auth/register', { ...wish, email: `${newUsername()}@example.org` }),
        ),
      ]);
      expect(deleted.status).toBe(204);
      expect(others.map(({ status }) => status)).toEqual(Array(8).fill(409));
    }
  });
});

describe('what is left of a deleted account', () => {
  it('is an empty row, hashes of keys, and a log that names nobody', async () => {
    const holder = await signUpWithKeys(server);
    const twoFactor = await signUpWith2fa(server);
    const backup = { version: 0, backup: { sealed: 'bytes' } };
    await holder.browser.put('/api/crypto/backup', backup);
    await server.database.query(`INSERT INTO identities VALUES ('42', '4242', $1, 'login-at-42', now())`, [
      holder.user.id,
    ]);
    expect(Object.keys(await rowsOf(holder.user.id))).toEqual(
      expect.arrayContaining(['sessions', 'passwords', 'identities', 'backups', 'key_statements']),
    );
    expect(Object.keys(await rowsOf(twoFactor.user.id))).toEqual(
      expect.arrayContaining(['two_factor', 'recovery_codes']),
    );
    for (const { user } of [holder, twoFactor]) {
      expect((await root.browser.delete(`/api/users/${user.id}`)).status).toBe(204);
      const left = await rowsOf(user.id);
      for (const table of GONE) expect(Object.keys(left)).not.toContain(table);
      expect(JSON.stringify(left)).not.toMatch(/127\.0\.0\.1|undici|node|login-at-42/);
      expect(JSON.stringify(left)).not.toContain(user.username);
      // Rows that were changed may come in any order.
      const line = { type: 'account_deleted', details: { by: root.user.id } };
      expect(left['security_events']).toContainEqual(expect.objectContaining(line));
      const [row] = await server.database.query('SELECT * FROM users WHERE id = $1', [user.id]);
      expect(row).toEqual({
        id: user.id,
        username: `deleted-${user.id}`,
        email: null,
        email_verified_at: null,
        display_name: '',
        avatar_url: null,
        role: 'user',
        suspended_at: null,
        second_step_settled_at: null,
        created_at: expect.any(Date),
        deleted_at: expect.any(Date),
      });
    }
  });

  it('cannot be changed, restored or deleted again', async () => {
    const { user } = await signUp(server);
    await root.browser.delete(`/api/users/${user.id}`);
    expect((await root.browser.put(`/api/users/${user.id}`, { suspended: false })).status).toBe(404);
    expect((await root.browser.delete(`/api/users/${user.id}`)).status).toBe(404);
  });

  it('is one deletion where two ask at once', async () => {
    const { browser, user } = await signUp(server);
    const statuses = await Promise.all([
      root.browser.delete(`/api/users/${user.id}`),
      root.browser.delete(`/api/users/${user.id}`),
      browser.delete('/api/users/me', { password: PASSWORD }),
    ]);
    expect(statuses.filter(({ status }) => status === 204)).toHaveLength(1);
    const events = await server.database.query(
      `SELECT 1 FROM security_events WHERE user_id = $1 AND type = 'account_deleted'`,
      [user.id],
    );
    expect(events).toHaveLength(1);
  });
});
