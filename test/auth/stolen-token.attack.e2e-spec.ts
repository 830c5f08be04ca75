import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { codeFor, signUp, signUpWith2fa, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const REQUIRED = { status: 403, body: { code: 'reauthentication_required' } };

/** Somebody else with the access token of a session that was proven six minutes ago. */
async function thiefOf(person: Person): Promise<{ authorization: string }> {
  const token = person.browser.cookies.get('jwt')?.value ?? '';
  expect(token).toMatch(/^eyJ/);
  server.clock.advance(6 * 60);
  return { authorization: `Bearer ${token}` };
}

describe('an access token in the wrong hands', () => {
  it('buys no refresh token by skipping a step that is settled, and takes the owner’s session away from nobody', async () => {
    const person = await signUp(server);
    const thief = await thiefOf(person);
    const skipped = await server.browser().post('/auth/2fa/skip', { tokens: 'body' }, thief);
    expect(skipped).toMatchObject({ status: 200, body: { next: 'home' }, setCookies: [] });
    expect(JSON.stringify(skipped.body)).not.toContain('eyJ');
    expect((await person.browser.get('/auth/me')).status).toBe(200);
    expect((await person.browser.post('/auth/refresh', {})).status).toBe(200);
  });

  it('makes nobody’s authenticator the account’s second factor', async () => {
    const person = await signUp(server);
    // The owner began and left it: the secret is not the thief's, but the step would be open.
    const { secret } = (await person.browser.post('/auth/2fa/generate', {})).body;
    const thief = await thiefOf(person);
    const browser = server.browser();
    expect(await browser.post('/auth/2fa/generate', {}, thief)).toMatchObject(REQUIRED);
    const code = codeFor(server, secret);
    expect(await browser.post('/auth/2fa/enable', { code }, thief)).toMatchObject(REQUIRED);
    expect((await person.browser.get('/auth/2fa')).body.enabled).toBe(false);
    // The owner proves it is them, and goes on.
    const { password } = person;
    expect((await person.browser.post('/auth/reauthenticate', { password })).status).toBe(200);
    expect((await person.browser.post('/auth/2fa/enable', { code })).status).toBe(200);
  });

  it('turns nothing off and moves nothing away', async () => {
    const person = await signUpWith2fa(server);
    const thief = await thiefOf(person);
    const browser = server.browser();
    const guess = { code: '000000' };
    expect((await browser.post('/auth/2fa/disable', guess, thief)).status).toBe(401);
    expect((await browser.post('/auth/2fa/recovery-codes', guess, thief)).status).toBe(401);
    const email = 'thief@evil.example';
    const change = (body: object): Promise<Answer> =>
      browser.send('PATCH', '/api/users/me', { body: { email, ...body }, headers: thief });
    expect((await change({})).status).toBe(400);
    expect((await change(guess)).status).toBe(401);
    expect((await browser.post('/auth/2fa/generate', {}, thief)).status).not.toBe(200);
  });
});
