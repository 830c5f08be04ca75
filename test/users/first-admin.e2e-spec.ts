import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountsService } from '../../src/users/accounts.service.js';
import { signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { ROOT_EMAIL } from './admins.js';

let server: TestApp;
let root: Person;
beforeAll(async () => {
  server = await startTestApp({
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://gate.example.org',
    BCRYPT_COST: '10',
    ADMIN_EMAILS: `Other@example.org, ${ROOT_EMAIL.toUpperCase()}`,
  });
  root = await signUp(server, { email: ROOT_EMAIL });
});
afterAll(() => server.close());

/** What a link does that is opened in the account's own session. */
function verify(userId: string, email: string): Promise<boolean> {
  const accounts = server.app.get(AccountsService);
  return server.app.get(DataSource).transaction(async (tx) => {
    const isVerified = await accounts.verifyEmail(tx, userId, email);
    if (isVerified) await accounts.promoteFirst(tx, userId, email);
    return isVerified;
  });
}

const roleOf = async ({ browser }: Person): Promise<string> => (await browser.get('/api/users/me')).body.role;

describe('an address of ADMIN_EMAILS in production', () => {
  it('is worth nothing until it is verified: anybody could register with it', async () => {
    expect(await roleOf(root)).toBe('user');
    expect((await root.browser.post('/api/users', {})).status).toBe(403);
    expect(await verify(root.user.id, 'other@example.org')).toBe(false);
    expect(await roleOf(root)).toBe('user');
  });

  it('brings the role when it is verified, once', async () => {
    expect(await verify(root.user.id, ROOT_EMAIL)).toBe(true);
    expect(await roleOf(root)).toBe('admin');
    const { body } = await root.browser.get('/auth/events');
    expect(body.items[0]).toMatchObject({ type: 'role_changed', details: { role: 'admin' } });

    const second = await signUp(server);
    await root.browser.put(`/api/users/${second.user.id}`, { role: 'admin' });
    await second.browser.put(`/api/users/${root.user.id}`, { role: 'user' });
    expect(await verify(root.user.id, ROOT_EMAIL)).toBe(false);
    expect(await roleOf(root)).toBe('user');
  });

  it('makes nobody an admin whose address is another', async () => {
    const person = await signUp(server);
    expect(await verify(person.user.id, person.user.email)).toBe(true);
    expect((await person.browser.get('/api/users/me')).body).toMatchObject({
      role: 'user',
      emailVerified: true,
    });
  });
});
