import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { login, newUsername, PASSWORD, register, signUp, type Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { signUpAdmin, startWithAdmin } from './admins.js';

let server: TestApp;
let root: Person;
beforeEach(async () => {
  ({ server, root } = await startWithAdmin());
});
afterEach(() => server.close());

async function activeAdmins(): Promise<number> {
  const [row] = await server.database.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM users
     WHERE role = 'admin' AND suspended_at IS NULL AND deleted_at IS NULL`,
  );
  return row!.count;
}

describe('admin routes', () => {
  it('answer 403 to everybody else, 401 to strangers, and change nothing', async () => {
    const { browser, user } = await signUp(server);
    const pending = await register(server);
    const path = `/api/users/${root.user.id}`;
    const body = { username: newUsername(), email: 'x@example.org' };
    const tries = [
      ['POST', '/api/users', body],
      ['PUT', path, { role: 'user' }],
      ['DELETE', path],
    ] as const;
    for (const [method, url, sent] of tries) {
      const refused = await browser.send(method, url, { body: sent });
      expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      const open = await pending.browser.send(method, url, { body: sent });
      expect(open).toMatchObject({ status: 401, body: { code: 'second_factor_required' } });
      expect((await server.browser().send(method, url, { body: sent })).status).toBe(401);
    }
    const own = await browser.put(`/api/users/${user.id}`, { role: 'admin' });
    expect(own.status).toBe(403);
    expect(await activeAdmins()).toBe(1);
    expect((await root.browser.get('/api/users/me')).body.username).toBe('root');
  });

  it('answer 403 before they tell what is wrong with a body or whether there is such an account', async () => {
    const { browser } = await signUp(server);
    expect((await browser.post('/api/users', { nonsense: true })).status).toBe(403);
    expect((await browser.put('/api/users/01890000-0000-7000-8000-000000000000', {})).status).toBe(403);
    expect((await browser.delete('/api/users/no-uuid')).status).toBe(403);
  });
});

describe('a role that is taken away between the guard and the write', () => {
  it.each([
    ['change', (by: Person, id: string) => by.browser.put(`/api/users/${id}`, { role: 'admin' })],
    ['delete', (by: Person, id: string) => by.browser.delete(`/api/users/${id}`)],
  ])('does not let its former holder %s anything', async (_, act) => {
    const second = await signUpAdmin(server, root);
    const victim = await signUp(server);
    const other = new pg.Client({ connectionString: server.database.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query(`UPDATE users SET role = 'user' WHERE id = $1`, [second.user.id]);
    const acting = act(second, victim.user.id);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await server.database.query(waiting)).length === 0);
    await other.query('COMMIT');
    await other.end();
    expect(await acting).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await victim.browser.get('/api/users/me')).body.role).toBe('user');
  });
});

describe('mass assignment', () => {
  it.each<Record<string, unknown>>([
    { role: 'admin' },
    { username: 'chosen' },
    { emailVerified: true },
    { emailVerifiedAt: '2020-01-01T00:00:00.000Z' },
    { suspended: false },
    { id: '01890000-0000-7000-8000-000000000000' },
  ])('of %j in the own profile is 400', async (body) => {
    const { browser, user } = await signUp(server);
    const answer = await browser.patch('/api/users/me', { displayName: 'Changed', ...body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect((await browser.get('/api/users/me')).body).toMatchObject({
      role: 'user',
      displayName: user.username,
    });
  });

  it.each([
    '{"displayName":"Changed","__proto__":{"role":"admin"}}',
    '{"displayName":"Changed","constructor":{"prototype":{"role":"admin"}}}',
  ])('through the prototype by %s is refused', async (body) => {
    const { browser } = await signUp(server);
    const answer = await browser.patch('/api/users/me', body);
    expect(answer.status).toBe(400);
    expect((await browser.get('/api/users/me')).body.role).toBe('user');
  });

  it('of a role or an id at registration is refused', async () => {
    const username = newUsername();
    const body = { username, email: `${username}@example.org`, password: PASSWORD, role: 'admin' };
    expect((await server.browser().post('/auth/register', body)).status).toBe(400);
    expect(await activeAdmins()).toBe(1);
  });
});

describe('the last admin', () => {
  it('cannot be demoted, suspended or deleted, by itself or anybody', async () => {
    for (const body of [{ role: 'user' }, { suspended: true }, { role: 'user', suspended: true }])
      expect(await root.browser.put(`/api/users/${root.user.id}`, body)).toMatchObject({
        status: 409,
        body: { code: 'last_admin' },
      });
    const deleted = [
      await root.browser.delete(`/api/users/${root.user.id}`),
      await root.browser.delete('/api/users/me', { password: root.password }),
    ];
    for (const answer of deleted) expect(answer).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    expect((await root.browser.get('/api/users/me')).body.role).toBe('admin');
  });

  it('is not the last where another one is, a suspended one not counted', async () => {
    const second = await signUpAdmin(server, root);
    await root.browser.put(`/api/users/${second.user.id}`, { suspended: true });
    expect((await root.browser.put(`/api/users/${root.user.id}`, { role: 'user' })).status).toBe(409);
    expect((await root.browser.put(`/api/users/${second.user.id}`, { role: 'user' })).status).toBe(200);
    await root.browser.put(`/api/users/${second.user.id}`, { suspended: false, role: 'admin' });
    const { browser } = (await login(server, second)) as { browser: Person['browser'] };
    expect((await browser.put(`/api/users/${root.user.id}`, { role: 'user' })).status).toBe(200);
    expect(await activeAdmins()).toBe(1);
  });

  it.each<[string, (by: Person, target: Person) => Promise<{ status: number }>]>([
    ['demote', (by, target) => by.browser.put(`/api/users/${target.user.id}`, { role: 'user' })],
    ['suspend', (by, target) => by.browser.put(`/api/users/${target.user.id}`, { suspended: true })],
    ['delete', (by, target) => by.browser.delete(`/api/users/${target.user.id}`)],
  ])('stays when two admins %s each other at once', async (_, remove) => {
    for (let round = 0; round < 5; round++) {
      const [one, two] = [await signUpAdmin(server, root), await signUpAdmin(server, root)];
      expect((await one.browser.put(`/api/users/${root.user.id}`, { role: 'user' })).status).toBe(200);
      const statuses = (await Promise.all([remove(one, two), remove(two, one)])).map(({ status }) => status);
      expect(await activeAdmins(), statuses.join()).toBe(1);
      // The loser found itself the last, or was no admin any more, or was signed out already.
      expect(statuses.filter((status) => status < 300)).toHaveLength(1);
      expect([401, 403, 409]).toContain(statuses.find((status) => status >= 300));
      await server.database.query(`UPDATE users SET role = 'user' WHERE role = 'admin'`);
      await server.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [root.user.id]);
    }
  });

  it('stays when all admins leave at once', async () => {
    const others: Person[] = [];
    for (let i = 0; i < 3; i++) others.push(await signUpAdmin(server, root));
    const answers = await Promise.all(
      [root, ...others].map(({ browser, password }, i) =>
        i % 2 === 0
          ? browser.delete('/api/users/me', { password })
          : browser.put(`/api/users/${[root, ...others][i]!.user.id}`, { role: 'user' }),
      ),
    );
    expect(await activeAdmins()).toBe(1);
    const refused = answers.filter(({ status }) => status >= 300);
    expect(refused).toMatchObject([{ status: 409, body: { code: 'last_admin' } }]);
  });
});
