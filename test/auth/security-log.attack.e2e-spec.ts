import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { login, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const BOSS = 'boss@example.org';
let server: TestApp;
let victim: Person;
beforeAll(async () => {
  server = await startTestApp({ ADMIN_EMAILS: BOSS });
  victim = await signUp(server);
});
afterAll(() => server.close());

function lines(): Promise<unknown[]> {
  return server.database.query('SELECT * FROM security_events ORDER BY id');
}

describe('covering tracks in the security log with the application’s own role', () => {
  it.each([
    'DELETE FROM security_events',
    'TRUNCATE security_events',
    `UPDATE security_events SET type = 'signed_out'`,
    `UPDATE security_events SET user_id = NULL, ip = NULL, user_agent = NULL`,
    `UPDATE security_events SET details = '{}', ip = NULL, user_agent = NULL WHERE type = 'sign_in_succeeded'`,
    `UPDATE security_events SET ip = '192.0.2.1', user_agent = NULL`,
    `UPDATE security_events SET created_at = now(), ip = NULL, user_agent = NULL`,
  ])('is refused: %s', async (sql) => {
    await login(server, victim);
    const before = await lines();
    expect(before.length).toBeGreaterThan(1);
    await expect(server.database.query(sql)).rejects.toMatchObject({ code: '42501' });
    expect(await lines()).toEqual(before);
  });

  it('still lets a deleted person be forgotten', async () => {
    const person = await signUp(server);
    await person.browser.delete('/api/users/me', { password: person.password });
    const rows = await server.database.query<{ ip: string | null }>(
      'SELECT ip FROM security_events WHERE user_id = $1',
      [person.user.id],
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.every(({ ip }) => ip === null)).toBe(true);
  });
});

describe('the log over all accounts', () => {
  it('is for admins, by account and kind, a page at a time', async () => {
    const admin = await signUp(server, { email: BOSS });
    const stranger = server.browser();
    await stranger.post('/auth/login', { email: 'nobody@example.org', password: 'not the password' });
    const all = await admin.browser.get('/api/security-events?limit=2');
    expect(all).toMatchObject({
      status: 200,
      body: { items: [{ type: 'sign_in_failed', userId: null }, {}] },
    });
    const next = await admin.browser.get(`/api/security-events?limit=2&cursor=${all.body.nextCursor}`);
    expect(next.body.items[0].id < all.body.items[1].id).toBe(true);
    const some = await admin.browser.get(
      `/api/security-events?userId=${victim.user.id}&type=account_registered`,
    );
    expect(some.body.items).toMatchObject([{ type: 'account_registered', userId: victim.user.id }]);
    expect((await admin.browser.get('/api/security-events?userId=1')).status).toBe(400);
    expect((await admin.browser.get('/api/security-events?type=%27')).status).toBe(400);
  });

  it('is for nobody else', async () => {
    expect((await victim.browser.get('/api/security-events')).status).toBe(403);
    expect((await server.browser().get('/api/security-events')).status).toBe(401);
  });
});
