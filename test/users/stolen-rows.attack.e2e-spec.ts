import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { login, newUsername, PASSWORD, register, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

describe('a thief of the rows, without the secrets', () => {
  it('cannot try which addresses and networks they stand for', async () => {
    const { user } = await register(server);
    await server.browser().post('/auth/login', { email: user.email, password: 'a wrong one' });
    const known = await server.database.query<{ digest: Buffer; account: Buffer }>(
      'SELECT digest, account FROM known_addresses',
    );
    expect(known.length).toBeGreaterThan(0);
    const guesses = [user.email, JSON.stringify([user.email, '127.0.0.1'])].map((text) =>
      sha256(text).toString('hex'),
    );
    for (const { digest, account } of known)
      for (const bytes of [digest, account]) expect(guesses).not.toContain(bytes.toString('hex'));
    const counters = await server.database.query<{ key: string }>(`SELECT key FROM rate_limits`);
    expect(counters.length).toBeGreaterThan(0);
    const keys = [user.email, '127.0.0.1', '', JSON.stringify([user.email, '127.0.0.1'])];
    for (const { key } of counters)
      for (const guess of keys) expect(key).not.toContain(sha256(guess).toString('base64url'));
  });

  it('finds nothing of where a deleted account was signed in from', async () => {
    const person = await signUp(server);
    await login(server, person);
    const count = async (): Promise<number> =>
      (await server.database.query('SELECT 1 FROM known_addresses')).length;
    const before = await count();
    expect((await person.browser.delete('/api/users/me', { password: PASSWORD })).status).toBe(204);
    expect(await count()).toBe(before - 1);
  });

  it('cannot try which usernames are retired, also not those that an earlier version retired', async () => {
    const names = [newUsername('gone'), newUsername('gone')];
    const [name = '', earlier = ''] = names;
    const person = await signUp(server, { username: name });
    await person.browser.delete('/api/users/me', { password: PASSWORD });
    await server.database.query('INSERT INTO retired_usernames (digest, retired_at) VALUES ($1, now())', [
      sha256(earlier),
    ]);
    const take = async (username: string): Promise<string> =>
      (
        await server
          .browser()
          .post('/auth/register', { username, email: `${newUsername()}@example.org`, password: PASSWORD })
      ).body.code;
    for (const username of names) expect(await take(username)).toBe('username_taken');
    const restarted = await startTestApp({}, server.database);
    try {
      const kept = await server.database.query<{ digest: Buffer; keyed: boolean }>(
        'SELECT * FROM retired_usernames',
      );
      expect(kept.every(({ keyed }) => keyed)).toBe(true);
      const digests = kept.map(({ digest }) => digest.toString('hex'));
      for (const username of names) {
        expect(digests).not.toContain(sha256(username).toString('hex'));
        expect(await take(username)).toBe('username_taken');
      }
    } finally {
      await restarted.close();
    }
  });
});

describe('a second factor that is generated while the account is deleted', () => {
  it('leaves no secret behind', async () => {
    for (let round = 0; round < 8; round++) {
      const { browser, user } = await signUp(server);
      const generate = (): Promise<{ status: number }> => browser.post('/auth/2fa/generate', {});
      const answers = await Promise.all([
        generate(),
        browser.delete('/api/users/me', { password: PASSWORD }),
        ...Array.from({ length: 6 }, generate),
      ]);
      expect(
        answers.map(({ status }) => status).filter((status) => ![200, 204, 401].includes(status)),
      ).toEqual([]);
      expect(await server.database.query('SELECT 1 FROM two_factor WHERE user_id = $1', [user.id])).toEqual(
        [],
      );
    }
  });
});
