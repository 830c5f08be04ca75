import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.js';
import { signInWith42, startFortyTwo } from '../support/forty-two.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let fortyTwo: Awaited<ReturnType<typeof startFortyTwo>>;
beforeAll(async () => {
  fortyTwo = await startFortyTwo();
  server = await startTestApp(fortyTwo.environment);
});
afterAll(async () => {
  await server.close();
  await fortyTwo.fake.close();
});

const REQUIRED = { status: 403, body: { code: 'reauthentication_required' } };

async function signIn(): Promise<Browser> {
  const browser = server.browser();
  const answer = await signInWith42(browser);
  expect(answer.status).toBe(302);
  if (answer.headers.get('location') === '/first-login') await browser.post('/auth/2fa/skip', {});
  expect((await browser.get('/api/users/me')).status).toBe(200);
  return browser;
}

describe('somebody who came through 42 and has neither password nor second step', () => {
  it('finds the identity in the export', async () => {
    const { body } = await (await signIn()).get('/api/users/me/export');
    expect(body.signIn).toMatchObject({
      password: null,
      identities: [{ provider: '42', login: expect.any(String) }],
    });
  });

  it('proves who they are by a sign-in of the last five minutes, and not by an older one', async () => {
    const browser = await signIn();
    server.clock.advance(301);
    expect(await browser.patch('/api/users/me', { email: 'new@example.org' })).toMatchObject(REQUIRED);
    expect(await browser.delete('/api/users/me', {})).toMatchObject(REQUIRED);
    expect((await browser.delete('/api/users/me', { password: 'any password' })).status).toBe(401);
    const again = await signIn();
    const changed = await again.patch('/api/users/me', { email: 'new@example.org' });
    expect(changed).toMatchObject({ status: 200, body: { pendingEmail: 'new@example.org' } });
    expect((await again.delete('/api/users/me', {})).status).toBe(204);
  });

  it('gets a new account, under another username, when they come back after the deletion', async () => {
    const first = await (await signIn()).get('/api/users/me');
    const browser = await signIn();
    expect((await browser.delete('/api/users/me', {})).status).toBe(204);
    const second = await (await signIn()).get('/api/users/me');
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.body.username).not.toBe(first.body.username);
  });
});
