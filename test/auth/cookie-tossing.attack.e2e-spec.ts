import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { signUp, type Person } from '../support/people.js';
import { rawRequest } from '../support/raw-request.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { cookieOf } from './tokens.js';

let server: TestApp;
let victim: Person;
let mallory: Person;
beforeAll(async () => {
  server = await startTestApp();
  [victim, mallory] = [await signUp(server), await signUp(server)];
});
afterAll(() => server.close());

async function expectMalformed(lines: string[], body = ''): Promise<void> {
  const answer = await rawRequest(server.baseUrl, lines, body);
  expect(answer.status, lines.join(' | ')).toBe(400);
  expect(answer.head).toMatch(/content-type: application\/problem\+json/i);
  expect(JSON.parse(answer.body)).toMatchObject({ status: 400, code: 'malformed_request' });
  expect(answer.body).not.toContain(victim.user.username);
}

describe('a cookie that a sibling domain set beside ours', () => {
  it('is refused in whatever order, spelling and header the two come', async () => {
    const [own, tossed] = [cookieOf(victim.browser, 'jwt'), cookieOf(mallory.browser, 'jwt')];
    for (const [a, b] of [
      [own, tossed],
      [tossed, own],
      [own, own],
      [own, ''],
      ['', own],
    ]) {
      await expectMalformed(['GET /auth/me HTTP/1.1', `Cookie: jwt=${a}; jwt=${b}`]);
      await expectMalformed(['GET /auth/me HTTP/1.1', `Cookie: a=b;jwt=${a};c=d;  jwt =${b}`]);
      await expectMalformed(['GET /auth/me HTTP/1.1', `Cookie: jwt=${a}`, `cookie: jwt=${b}`]);
      await expectMalformed(['GET /auth/me HTTP/1.1', `Cookie: jwt=${a}`, `Cookie: x=y`]);
    }
  });

  it('is refused for the refresh and the oauth cookie too, on every route', async () => {
    const refresh = cookieOf(victim.browser, 'refresh');
    await expectMalformed([
      'POST /auth/refresh HTTP/1.1',
      `Cookie: refresh=${refresh}; refresh=x`,
      'Content-Length: 0',
    ]);
    await expectMalformed(['GET /auth/42/callback?code=x&state=y HTTP/1.1', 'Cookie: oauth=a; oauth=b']);
    await expectMalformed(['GET /healthz HTTP/1.1', 'Cookie: jwt=a; jwt=b']);
    // Nothing was rotated or ended by it.
    expect((await victim.browser.post('/auth/refresh', {})).status).toBe(200);
  });

  it('does no harm where it is somebody else’s name', async () => {
    const own = cookieOf(victim.browser, 'jwt');
    for (const cookie of [
      `x=1; x=2; jwt=${own}`,
      `JWT=a; jwt=${own}`,
      `xjwt=a; jwt=${own}; jwt2=b`,
      `=jwt; jwt=${own}; `,
    ]) {
      const answer = await rawRequest(server.baseUrl, ['GET /auth/me HTTP/1.1', `Cookie: ${cookie}`]);
      expect(answer.status, cookie.slice(0, 20)).toBe(200);
      expect(answer.body).toContain(victim.user.username);
    }
  });

  it('does not pass for ours by a nameless cookie that reads like it', async () => {
    // Browsers send the nameless cookie `jwt=…` as `Cookie: jwt=…`, or with an empty name before it.
    const answer = await rawRequest(server.baseUrl, [
      'GET /auth/me HTTP/1.1',
      `Cookie: =jwt=${cookieOf(mallory.browser, 'jwt')}`,
    ]);
    expect(answer.status).toBe(401);
  });
});

describe('a cookie whose name only looks like ours', () => {
  it.each(['\u00a0', '\u0085', '\u00c2\u00a0'])(
    'is none of ours with the bytes of %j before it',
    async (blank) => {
      const [own, tossed] = [cookieOf(victim.browser, 'jwt'), cookieOf(mallory.browser, 'jwt')];
      const alone = await rawRequest(server.baseUrl, [
        'GET /auth/me HTTP/1.1',
        `Cookie: ${blank}jwt=${tossed}`,
      ]);
      expect(alone.status).toBe(401);
      const both = [
        `${blank}jwt=${tossed}; jwt=${own}`,
        `jwt=${own}; ${blank}jwt=${tossed}`,
        `jwt${blank}=${tossed}; jwt=${own}`,
      ];
      for (const cookie of both) {
        const answer = await rawRequest(server.baseUrl, ['GET /auth/me HTTP/1.1', `Cookie: ${cookie}`]);
        expect(answer.status).toBe(200);
        expect(answer.body).toContain(victim.user.username);
      }
    },
  );
});

describe('signing out with a refresh cookie that a sibling domain has set beside ours', () => {
  it('ends every session that is shown and clears the cookie wherever it may stand', async () => {
    const gate = await startTestApp({ PUBLIC_URL: 'https://gate.example.org' });
    try {
      const [owner, other] = [await signUp(gate), await signUp(gate)];
      const [jwt, refresh] = ['__Host-jwt', '__Secure-refresh'].map((name) => cookieOf(owner.browser, name));
      const tossed = cookieOf(other.browser, '__Secure-refresh');
      const cookie = `__Host-jwt=${jwt}; __Secure-refresh=${tossed}; __Secure-refresh=${refresh}`;
      const post = (path: string): Promise<Answer> => gate.browser().post(path, {}, { cookie });
      expect((await post('/auth/refresh')).status).toBe(400);
      const out = await post('/auth/logout');
      expect(out.status).toBe(204);
      for (const { browser } of [owner, other]) {
        expect((await browser.get('/auth/me')).status).toBe(401);
        expect((await browser.post('/auth/refresh', {})).status).toBe(401);
      }
      for (const domain of ['gate.example.org', 'example.org'])
        for (const path of ['/', '/auth', '/auth/refresh'])
          expect(out.setCookies).toContainEqual(
            expect.stringMatching(
              new RegExp(
                `^__Secure-refresh=; (?=.*Domain=${domain}(;|$))(?=.*Path=${path}(;|$))(?=.*Max-Age=0)`,
              ),
            ),
          );
      expect(out.setCookies).toContain(
        '__Secure-refresh=; Path=/auth; Max-Age=0; HttpOnly; Secure; SameSite=Strict',
      );
    } finally {
      await gate.close();
    }
  });
});

describe('headers that two readers could read differently', () => {
  it.each(['Authorization', 'Content-Type', 'Origin', 'Sec-Fetch-Site', 'Host'])(
    'refuses %s twice',
    async (name) => {
      const own = cookieOf(victim.browser, 'jwt');
      const values: Record<string, [string, string]> = {
        Authorization: [`Bearer ${own}`, `Bearer ${cookieOf(mallory.browser, 'jwt')}`],
        'Content-Type': ['application/json', 'text/plain'],
        Origin: ['http://localhost:3000', 'https://evil.example'],
        'Sec-Fetch-Site': ['same-origin', 'cross-site'],
        Host: ['localhost', 'evil.example'],
      };
      const [a, b] = values[name] ?? [];
      const answer = await rawRequest(
        server.baseUrl,
        ['POST /auth/2fa/skip HTTP/1.1', `${name}: ${a}`, `${name.toLowerCase()}: ${b}`, 'Content-Length: 2'],
        '{}',
      );
      expect(answer.status).toBe(400);
    },
  );

  it('refuses query names twice', async () => {
    for (const path of [
      '/auth/sessions?limit=1&limit=2',
      '/auth/login?returnTo=/a&returnTo=/b',
      '/auth/42/callback?state=a&state=b',
      '/auth/me?x=1&x=2',
    ])
      expect(await victim.browser.get(path), path).toMatchObject({
        status: 400,
        body: { code: 'malformed_request' },
      });
  });

  it.each([
    [
      'Transfer-Encoding beside Content-Length',
      ['POST /auth/logout HTTP/1.1', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
    ],
    ['Content-Length twice', ['POST /auth/logout HTTP/1.1', 'Content-Length: 2', 'Content-Length: 3'], '{}'],
    ['a folded header', ['GET /auth/me HTTP/1.1', 'X-A: b', ' c: d'], ''],
    ['a header with a NUL', ['GET /auth/me HTTP/1.1', 'Cookie: jwt=a\u0000b'], ''],
  ])('refuses %s', async (_, lines, body) => {
    expect((await rawRequest(server.baseUrl, lines, body)).status).toBe(400);
  });
});
