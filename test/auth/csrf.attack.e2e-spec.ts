import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const OWN = 'http://localhost:3000';
const ALLOWED = 'http://app.localhost:5173';

let server: TestApp;
let victim: Person;
beforeAll(async () => {
  server = await startTestApp({ ALLOWED_ORIGINS: ALLOWED });
  victim = await signUp(server);
});
afterAll(() => server.close());

const REFUSED = { status: 403, body: { code: 'cross_site_request' } };

describe('CSRF: a write that another site starts by a form, by fetch or with missing headers', () => {
  // In the contract's order: own Origin, then Sec-Fetch-Site, then any other Origin, then neither.
  it.each<[origin: string | null, site: string | null, passes: boolean]>([
    [OWN, null, true],
    [OWN, 'same-origin', true],
    [OWN, 'cross-site', true],
    ['http://127.0.0.1:3000', 'same-origin', true],
    [ALLOWED, null, true],
    [ALLOWED, 'same-site', true],
    [ALLOWED, 'cross-site', true],
    [null, 'same-origin', true],
    [null, 'none', true],
    [null, 'same-site', false],
    [null, 'cross-site', false],
    [null, 'SAME-ORIGIN', false],
    [null, 'nonsense', false],
    ['https://evil.example', null, false],
    ['https://evil.example', 'same-origin', false],
    ['https://evil.example', 'none', false],
    ['https://evil.example', 'cross-site', false],
    ['null', null, false],
    ['null', 'same-origin', false],
    ['http://localhost:3001', null, false],
    ['https://localhost:3000', null, false],
    ['http://localhost:3000.evil.example', null, false],
    ['http://localhost:30000', null, false],
    ['http://localhost', null, false],
    ['http://localhost:3000/', null, false],
    ['HTTP://LOCALHOST:3000', null, false],
    [`${OWN} https://evil.example`, null, false],
    [`${ALLOWED}.evil.example`, null, false],
    [null, null, true],
  ])('with Origin %s and Sec-Fetch-Site %s: passes %s', async (origin, site, passes) => {
    const headers = {
      ...(origin === null ? {} : { origin }),
      ...(site === null ? {} : { 'sec-fetch-site': site }),
    };
    const answer = await victim.browser.clone().post('/auth/refresh', {}, headers);
    if (passes) expect(answer.status).toBe(200);
    else expect(answer).toMatchObject(REFUSED);
  });

  it('does not believe an Origin that equals the Host header', async () => {
    const origin = new URL(server.baseUrl).origin;
    expect(origin).not.toBe(OWN);
    expect(await victim.browser.post('/auth/logout', {}, { origin })).toMatchObject(REFUSED);
  });

  it('is refused with every method and on every route, before anything else is looked at', async () => {
    const headers = { origin: 'https://evil.example' };
    for (const { method, url } of server.routes) {
      if (['GET', 'HEAD', 'OPTIONS'].includes(method)) continue;
      const path = url.replaceAll(/:\w+/g, 'x');
      expect(
        await server.browser().send(method, path, { body: {}, headers }),
        `${method} ${url}`,
      ).toMatchObject(REFUSED);
      expect(await victim.browser.send(method, path, { headers }), `${method} ${url}`).toMatchObject(REFUSED);
    }
    expect((await victim.browser.get('/auth/me')).status).toBe(200);
  });

  it('also when it is a sign-in: nobody is signed in to the attacker’s account', async () => {
    const mallory = await signUp(server);
    const body = { email: mallory.user.email, password: PASSWORD };
    const answer = await server.browser().post('/auth/login', body, { 'sec-fetch-site': 'cross-site' });
    expect(answer).toMatchObject(REFUSED);
    expect(answer.setCookies).toEqual([]);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; x=application/json',
    'application/json+x',
    'application/csp-report',
    'text/json',
    'application/jsonp',
    '*/*',
  ])('by a form of type %s is 415, also without the headers of a browser', async (type) => {
    for (const path of ['/auth/login', '/auth/logout', '/auth/2fa/skip', '/auth/refresh']) {
      const answer = await victim.browser.send('POST', path, {
        body: '{"email":"a@example.org","password":"x"}',
        headers: { 'content-type': type },
      });
      expect(answer, path).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    }
    expect((await victim.browser.get('/auth/me')).status).toBe(200);
  });

  it('takes JSON with a charset, and an empty body without a type', async () => {
    const person = await signUp(server);
    const typed = { 'content-type': 'application/json; charset=utf-8' };
    expect((await person.browser.post('/auth/refresh', {}, typed)).status).toBe(200);
    expect((await person.browser.send('POST', '/auth/refresh')).status).toBe(200);
  });

  it('changes nothing by GET: no cookie is set and no session ends by opening a link', async () => {
    for (const { method, url } of server.routes) {
      if (method !== 'GET' || ['/auth/login', '/auth/42/callback', '/api/events'].includes(url)) continue;
      const answer = await victim.browser.get(url.replaceAll(/:\w+/g, 'x'), {
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      });
      expect(answer.setCookies, url).toEqual([]);
    }
    expect((await victim.browser.get('/auth/me')).status).toBe(200);
  });
});

describe('reading across origins', () => {
  it('lets allowed origins read with credentials, and nobody else', async () => {
    const allowed = await victim.browser.get('/auth/me', { headers: { origin: ALLOWED } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
    for (const origin of ['https://evil.example', 'null', `${ALLOWED}.evil.example`]) {
      const answer = await victim.browser.get('/auth/me', { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).not.toBe(origin);
      expect(answer.headers.get('access-control-allow-origin')).not.toBe('*');
    }
  });

  it('answers preflights of allowed origins only', async () => {
    const preflight = (origin: string) =>
      server.browser().send('OPTIONS', '/auth/login', {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
    const allowed = await preflight(ALLOWED);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    const evil = await preflight('https://evil.example');
    expect(evil.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
  });
});
