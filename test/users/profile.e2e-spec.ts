import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { signUpWithKeys } from '../crypto/key-holder.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

describe('the own profile', () => {
  it('shows what the account is', async () => {
    const { browser, user } = await signUp(server);
    const answer = await browser.get('/api/users/me');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: user.id,
      username: user.username,
      displayName: user.username,
      avatarUrl: null,
      hasKeys: false,
      email: user.email,
      emailVerified: false,
      pendingEmail: null,
      role: 'user',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it('tells who has keys, there and in the directory', async () => {
    const { browser, user } = await signUpWithKeys(server);
    expect((await browser.get('/api/users/me')).body.hasKeys).toBe(true);
    expect((await browser.get(`/api/users/${user.id}`)).body.hasKeys).toBe(true);
    const { body } = await browser.get(`/api/users?query=${user.username}`);
    expect(body.items).toMatchObject([{ id: user.id, hasKeys: true }]);
  });

  it('changes the display name and takes the picture away', async () => {
    const { browser, user } = await signUp(server);
    const avatarUrl = 'https://cdn.intra.42.fr/users/a.jpg';
    await server.database.query('UPDATE users SET avatar_url = $2 WHERE id = $1', [user.id, avatarUrl]);
    const answer = await browser.patch('/api/users/me', { displayName: '  Zoe\u0301 🦦 ' });
    expect(answer).toMatchObject({ status: 200, body: { displayName: 'Zo\u00e9 🦦', avatarUrl } });
    expect((await browser.patch('/api/users/me', { avatarUrl: null })).body.avatarUrl).toBeNull();
    expect((await browser.patch('/api/users/me', { avatarUrl })).body.avatarUrl).toBe(avatarUrl);
    expect((await browser.patch('/api/users/me', {})).body).toMatchObject({
      displayName: 'Zo\u00e9 🦦',
      avatarUrl,
    });
  });

  it.each([
    { displayName: '' },
    { displayName: null },
    { displayName: 42 },
    { avatarUrl: 'https://tracker.example.org/pixel.gif' },
    { avatarUrl: 'http://cdn.intra.42.fr/a.jpg' },
    { avatarUrl: 'https://cdn.intra.42.fr@tracker.example.org/a.jpg' },
    { avatarUrl: 'javascript:alert(1)' },
    { email: null },
  ])('answers 400 for %j', async (body) => {
    const { browser } = await signUp(server);
    const answer = await browser.patch('/api/users/me', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });
});

describe('changing the own e-mail address', () => {
  it('takes the password, and the new address only waits', async () => {
    const { browser, user, password } = await signUp(server);
    const email = `new.${user.email}`;
    const bare = await browser.patch('/api/users/me', { email });
    expect(bare).toMatchObject({ status: 400, body: { errors: [{ pointer: '/password' }] } });
    const wrong = await browser.patch('/api/users/me', { email, password: 'not the password' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    const both = await browser.patch('/api/users/me', { email, password, code: '000000' });
    expect(both.status).toBe(400);
    expect((await browser.get('/api/users/me')).body.email).toBe(user.email);
    const right = await browser.patch('/api/users/me', { email: email.toUpperCase(), password });
    expect(right).toMatchObject({ status: 200, body: { email: user.email, pendingEmail: email } });
    const { body } = await browser.get('/auth/events');
    expect(body.items[0]).toMatchObject({ type: 'email_change_requested' });
  });

  it('takes a code where there is a second step, and each code once', async () => {
    const { browser, user, secret } = await signUpWith2fa(server);
    const code = codeFor(server, secret);
    const first = await browser.patch('/api/users/me', { email: `a.${user.email}`, code });
    expect(first).toMatchObject({
      status: 200,
      body: { email: user.email, pendingEmail: `a.${user.email}` },
    });
    const again = await browser.patch('/api/users/me', { email: `b.${user.email}`, code });
    expect(again).toMatchObject({ status: 401, body: { code: 'invalid_code' } });
  });

  it('refuses an address of somebody else', async () => {
    const other = await signUp(server);
    const { browser, password } = await signUp(server);
    const answer = await browser.patch('/api/users/me', { email: other.user.email, password });
    expect(answer).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });
});

describe('exporting the own account', () => {
  it('gives everything that is held, and no secret', async () => {
    const { browser, user } = await signUpWithKeys(server);
    const answer = await browser.get('/api/users/me/export');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      account: { id: user.id, username: user.username, email: user.email },
      signIn: { password: { updatedAt: expect.any(String) }, identities: [] },
      keys: { statements: [{ logIndex: expect.any(Number) }] },
      backup: null,
      sessions: [{ id: expect.any(String) }, { id: expect.any(String) }],
    });
    const types = answer.body.securityEvents.map(({ type }: { type: string }) => type);
    expect(types).toContain('account_registered');
    const [stored] = await server.database.query<{ hash: string }>(
      'SELECT hash FROM passwords WHERE user_id = $1',
      [user.id],
    );
    expect(JSON.stringify(answer.body)).not.toContain(stored!.hash);
    expect(JSON.stringify(answer.body)).not.toMatch(/refreshHash|refresh_hash|"secret"/);
  });
});
