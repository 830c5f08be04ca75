import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp, type Person } from '../support/people.js';
import { pathOf } from '../auth/open-routes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let ada: Person;
beforeAll(async () => {
  server = await startTestApp({ SERVER_SIDE_CRYPTO: 'true' });
  ada = await signUp(server);
});
afterAll(() => server.close());

/** They judge their queries themselves, or the answer is 42's. */
const OWN_JUDGES = ['GET /auth/login', 'GET /auth/42/callback', 'GET /metrics'];

describe('a member that no route reads', () => {
  it('is 400 in the query of every route', async () => {
    for (const { method, url } of server.routes) {
      if (OWN_JUDGES.includes(`${method} ${url}`) || method === 'HEAD' || url === '*') continue;
      const { browser } = await signUp(server);
      const answer = await browser.send(method, `${pathOf(url)}?surprise=1`);
      // What is not there, or has other faults, may say so first.
      expect([400, 403, 404, 415], `${method} ${url}: ${answer.status}`).toContain(answer.status);
    }
  }, 60_000);

  it.each(['/auth/me?x=1', '/auth/2fa?x=1', '/healthz?x=1', '/api/users/me?x=1', '/auth/sessions?x=1'])(
    'is 400 and named: %s',
    async (path) => {
      expect(await ada.browser.get(path)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ pointer: '/x' }] },
      });
    },
  );

  it.each([
    ['POST', '/auth/2fa/generate'],
    ['POST', '/auth/2fa/skip'],
    ['POST', '/auth/email/verify/resend'],
    ['DELETE', '/auth/sessions'],
    ['DELETE', '/api/crypto/backup'],
    ['POST', '/auth/logout'],
  ])('is 400 in the body of %s %s, and nothing was done', async (method, path) => {
    const answer = await ada.browser.send(method, path, { body: { junk: 1 } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/junk' }] } });
    expect((await ada.browser.get('/auth/me')).status).toBe(200);
  });

  it('is not told to somebody who is not signed in', async () => {
    expect((await server.browser().get('/auth/me?x=1')).status).toBe(401);
  });
});

describe('a number', () => {
  it.each(['0x10', '+5', '1e1', ' 5', '5 ', '', '5.0', '-1', '０', '99999999999999999999'])(
    'is digits and nothing else: %j',
    async (number) => {
      const value = encodeURIComponent(number);
      for (const path of [
        `/auth/sessions?limit=${value}`,
        `/api/users?limit=${value}`,
        `/api/chats?limit=${value}`,
      ])
        expect((await ada.browser.get(path)).status, path).toBe(400);
      const history = '/api/messages/history/0190a3c0-0000-7000-8000-000000000000';
      for (const name of ['before', 'after'])
        expect((await ada.browser.get(`${history}?${name}=${value}`)).status, name).toBe(400);
    },
  );

  it('may be left out, and a cursor too, but neither is empty', async () => {
    expect((await ada.browser.get('/auth/sessions')).status).toBe(200);
    expect((await ada.browser.get('/auth/sessions?limit=5')).status).toBe(200);
    for (const path of ['/auth/sessions', '/api/users', '/api/chats'])
      expect((await ada.browser.get(`${path}?cursor=`)).status, path).toBe(400);
    expect((await ada.browser.get(`/api/messages/receive/${ada.user.id}?after=`)).status).toBe(400);
  });
});

describe('a body', () => {
  const login = (): string => JSON.stringify({ email: ada.user.email, password: PASSWORD });
  const post = async (headers: Record<string, string>, body: string | Buffer): Promise<number> =>
    (await fetch(new URL('/auth/login', server.baseUrl), { method: 'POST', headers, body })).status;

  it.each(['application/json', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"'])(
    'is read as %s',
    async (type) => {
      expect(await post({ 'content-type': type }, login())).toBe(200);
    },
  );

  it.each(['iso-8859-1', 'utf-16', '"utf-7"', ''])('is 415 in the charset %s', async (charset) => {
    expect(await post({ 'content-type': `application/json; charset=${charset}` }, login())).toBe(415);
  });

  it('is 415 when it is packed, whether it really is or not', async () => {
    for (const coding of ['gzip', 'br', 'identity, gzip'])
      for (const body of [login(), gzipSync(login())])
        expect(await post({ 'content-type': 'application/json', 'content-encoding': coding }, body)).toBe(
          415,
        );
    expect(await post({ 'content-type': 'application/json', 'content-encoding': 'identity' }, login())).toBe(
      200,
    );
  });
});

describe('HEAD', () => {
  it('tells supervisors what GET would, and is no way round a guard', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect(await server.browser().send('HEAD', path)).toMatchObject({ status: 200, body: null });
    expect((await ada.browser.send('HEAD', '/auth/me')).status).toBe(404);
  });
});

describe('a new password', () => {
  it('is not the current one, in whatever spelling', async () => {
    const password = 'lantern gravel \u00e9tude mosaic';
    const { browser } = await signUp(server, { password });
    for (const newPassword of [password, password.normalize('NFD')])
      expect(await browser.post('/auth/password', { currentPassword: password, newPassword })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/newPassword' }] },
      });
  });
});
