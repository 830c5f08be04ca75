import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, login, register, signUp, signUpWith2fa } from '../support/people.js';
import { PUBLIC_URL, startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

/** What a page's script cannot keep its browser from sending. */
const BROWSERS = [{ origin: PUBLIC_URL }, { 'sec-fetch-site': 'same-origin' }];

describe.each(BROWSERS)('a script in a page with HttpOnly cookies, sending %j', (headers) => {
  it('cannot turn the refresh cookie into a token that it can read', async () => {
    const { browser } = await signUp(server);
    const answer = await browser.post('/auth/refresh', { tokens: 'body' }, headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect(JSON.stringify(answer.body)).not.toContain('eyJ');
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
  });

  it('cannot do so with an Authorization header beside the cookie either', async () => {
    const { browser } = await signUp(server);
    for (const authorization of ['x', 'Bearer x', `Bearer ${browser.cookies.get('jwt')?.value}`])
      expect(
        await browser.post('/auth/refresh', { tokens: 'body' }, { ...headers, authorization }),
      ).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  });

  it.each(['skip', 'enable', 'verify'])('cannot have the tokens of 2fa/%s', async (step) => {
    const { browser } = await register(server);
    const body = { tokens: 'body', ...(step === 'skip' ? {} : { code: '123456' }) };
    const answer = await browser.post(`/auth/2fa/${step}`, body, headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  });
});

describe('a client that is no browser', () => {
  it('has its tokens in the body all the way, and no cookie', async () => {
    const person = await signUpWith2fa(server);
    const { email } = person.user;
    const client = server.browser();
    const first = await client.post('/auth/login', { email, password: person.password, tokens: 'body' });
    const settled = await client.post(
      '/auth/2fa/verify',
      { code: codeFor(server, person.secret), tokens: 'body' },
      { authorization: `Bearer ${first.body.accessToken}` },
    );
    expect(settled).toMatchObject({
      status: 200,
      setCookies: [],
      body: { next: 'home', refreshToken: expect.any(String) },
    });
    const next = await client.post('/auth/refresh', {
      refreshToken: settled.body.refreshToken,
      tokens: 'body',
    });
    expect(next).toMatchObject({ status: 200, setCookies: [] });
    const me = await client.get('/auth/me', {
      headers: { authorization: `Bearer ${next.body.accessToken}` },
    });
    expect(me.body.session.tfa).toBe(true);
    expect((await login(server, person)).answer.body.next).toBe('2fa');
  });
});
