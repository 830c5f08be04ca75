import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.js';
import { codeFor, login, register, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { cookieOf } from './tokens.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

async function sessionOf(browser: Browser): Promise<string> {
  return (await browser.get('/auth/me')).body.session.id;
}

/** The attacker still holds what was planted: it must not have become the victim's. */
async function expectNotVictim(planted: string, victimId: string): Promise<void> {
  const answer = await server.browser({ cookie: `jwt=${planted}` }).get('/auth/me');
  expect(answer.body.user?.id).not.toBe(victimId);
}

describe('planting a session before the victim signs in', () => {
  it('gives the victim another session, and the planted one stays the attacker’s', async () => {
    const mallory = await signUp(server);
    const alice = await signUp(server);
    const browser = mallory.browser.clone();
    const planted = cookieOf(browser, 'jwt');
    const plantedSession = await sessionOf(browser);
    const answer = await browser.post('/auth/login', { email: alice.user.email, password: alice.password });
    expect(answer.body.user.id).toBe(alice.user.id);
    expect(await sessionOf(browser)).not.toBe(plantedSession);
    await expectNotVictim(planted, alice.user.id);
  });

  it('does not carry a planted pending session over the second step', async () => {
    const alice = await signUpWith2fa(server);
    const { browser } = await login(server, alice);
    const planted = cookieOf(browser, 'jwt');
    await browser.post('/auth/2fa/verify', { code: codeFor(server, alice.secret) });
    const dead = await server.browser({ cookie: `jwt=${planted}` }).get('/auth/me');
    expect(dead).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('does not let the attacker’s pending session be settled by the victim’s code', async () => {
    const mallory = await signUpWith2fa(server);
    const alice = await signUpWith2fa(server);
    const { browser } = await login(server, mallory);
    const answer = await browser.post('/auth/2fa/verify', { code: codeFor(server, alice.secret) });
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_code' } });
  });

  it('gives a new session id at each step that raises rights: sign-in, enable, skip, verify', async () => {
    const { browser, user, password } = await register(server);
    const ids = [await sessionOf(browser)];
    await browser.post('/auth/2fa/skip', {});
    ids.push(await sessionOf(browser));
    const { secret } = (await browser.post('/auth/2fa/generate', {})).body;
    await browser.post('/auth/2fa/enable', { code: codeFor(server, secret) });
    ids.push(await sessionOf(browser));
    server.clock.advance(30);
    const again = await login(server, { user, password });
    ids.push(await sessionOf(again.browser));
    await again.browser.post('/auth/2fa/verify', { code: codeFor(server, secret) });
    ids.push(await sessionOf(again.browser));
    expect(new Set(ids).size).toBe(5);
  });

  it('takes no session id from the caller', async () => {
    const id = '0190a3c0-0000-7000-8000-000000000000';
    const alice = await signUp(server);
    const browser = server.browser({ cookie: `jwt=${id}; sid=${id}; connect.sid=${id}`, 'x-session-id': id });
    const body = { email: alice.user.email, password: alice.password };
    for (const extra of [{ sid: id }, { sessionId: id }])
      expect((await browser.post('/auth/login', { ...body, ...extra })).status).toBe(400);
    await browser.post(`/auth/login?sid=${id}`, body);
    expect((await server.database.query('SELECT 1 FROM sessions WHERE id = $1', [id])).length).toBe(0);
  });
});
