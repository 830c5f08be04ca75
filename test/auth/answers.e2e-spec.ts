import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { signUp, signUpWith2fa, type Person } from '../support/people.js';
import { rawRequest } from '../support/raw-request.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { pathOf } from './open-routes.js';
import { cookieOf } from './tokens.js';

let server: TestApp;
let person: Person;
beforeAll(async () => {
  server = await startTestApp();
  person = await signUp(server);
});
afterAll(() => server.close());

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** RFC 9457, and nothing that a library or the database said. */
function expectProblem(answer: Answer, status: number, code: string, why?: string): void {
  expect(answer.status, why).toBe(status);
  expect(answer.headers.get('content-type'), why).toBe('application/problem+json; charset=utf-8');
  expect(answer.body, why).toMatchObject({
    type: expect.stringMatching(/^[a-z]+:/),
    title: expect.stringMatching(/^[A-Z]/),
    status,
    code,
    instance: answer.headers.get('x-request-id'),
  });
  expect(answer.body.instance).toMatch(UUID_V7);
  const text = JSON.stringify(answer.body);
  expect(text, why).not.toMatch(/FST_|Error:|at .*\.[jt]s|SELECT|syntax|statusCode|node_modules/);
}

function expectSafeHeaders(headers: Headers, what: string): void {
  expect(headers.get('x-request-id'), what).toMatch(UUID_V7);
  expect(headers.get('x-content-type-options'), what).toBe('nosniff');
  expect(headers.get('content-security-policy'), what).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(headers.get('referrer-policy'), what).toBeTruthy();
  expect(headers.get('x-powered-by'), what).toBeNull();
  expect(headers.get('server'), what).toBeNull();
}

describe('every answer', () => {
  it('has a request id and security headers, and is not stored where it depends on the user', async () => {
    const cacheable = ['/.well-known/jwks.json', '/api/crypto/server-keys'];
    for (const { method, url } of server.routes) {
      if (method === 'OPTIONS' || url === '/api/events') continue;
      for (const browser of [person.browser.clone(), server.browser()]) {
        const answer = await browser.send(
          method,
          pathOf(url),
          ['GET', 'HEAD'].includes(method) ? {} : { body: { no: 1 } },
        );
        expectSafeHeaders(answer.headers, `${method} ${url}`);
        expect(answer.status, `${method} ${url}`).toBeLessThan(500);
        if (!cacheable.includes(url) && !url.startsWith('/api/docs') && !url.startsWith('/api/log'))
          expect(answer.headers.get('cache-control'), `${method} ${url}`).toBe('no-store');
        if (answer.status >= 400)
          expect(answer.headers.get('content-type'), `${method} ${url}`).toMatch(
            /^application\/problem\+json/,
          );
      }
    }
  });

  it('has them also where no route, no parser or no guard was reached', async () => {
    const answers = [
      await server.browser().get('/no/such/route'),
      await server.browser().get('/auth/me', { headers: { cookie: 'jwt=a; jwt=b' } }),
      await server.browser().post('/auth/login', '{', { 'content-type': 'application/json' }),
      await server.browser().post('/auth/login', {}, { origin: 'https://evil.example' }),
      await server.browser().post('/auth/login', { a: 'x'.repeat(300_000) }),
      await server.browser().post('/auth/login', 'x', { 'content-type': 'text/plain' }),
    ];
    answers.forEach((answer, i) => {
      expect(answer.status, String(i)).toBeGreaterThanOrEqual(400);
      expectSafeHeaders(answer.headers, String(i));
      expect(answer.headers.get('cache-control'), String(i)).toBe('no-store');
    });
  });

  it('never takes its request id from the caller', async () => {
    const id = '0190a3c0-0000-7000-8000-000000000000';
    const answer = await server.browser({ 'x-request-id': id, 'request-id': id }).get('/healthz');
    expect(answer.headers.get('x-request-id')).not.toBe(id);
  });
});

describe('what is wrong with a request', () => {
  it('is a problem document: unknown routes and methods', async () => {
    for (const path of [
      '/',
      '/nothing',
      '/auth',
      '/auth/',
      '/auth/nothing',
      '/.env',
      '/.git/config',
      '/api',
      '/auth/me/x',
    ])
      expectProblem(await person.browser.get(path), 404, 'not_found', path);
    expectProblem(await server.browser().post('/auth/me', {}), 404, 'not_found');
    expectProblem(await server.browser().put('/auth/login', {}), 404, 'not_found');
  });

  it('is a problem document: a body that is no JSON object', async () => {
    for (const body of [
      '{',
      '{"a":1,}',
      'null',
      '[]',
      '[{"email":"a@example.org"}]',
      '"x"',
      '1',
      'true',
      '{"a":1}{"b":2}',
      '\u0000',
      '\ufeff{}x',
      'NaN',
    ])
      expectProblem(await server.browser().post('/auth/login', body), 400, 'malformed_request', body);
  });

  it('is a problem document: keys that reach into prototypes', async () => {
    for (const body of ['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}'])
      expectProblem(await server.browser().post('/auth/login', body), 400, 'malformed_request', body);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('is a problem document: a body over 256 KiB, told or not, and one just below passes', async () => {
    const exact = JSON.stringify({ email: 'a@example.org', password: '' });
    const padded = (bytes: number) => exact.replace('""', `"${'x'.repeat(bytes - exact.length)}"`);
    const limit = 256 * 1024;
    expectProblem(await server.browser().post('/auth/login', padded(limit + 1)), 413, 'payload_too_large');
    // Read and then refused by the rule on passwords.
    expectProblem(await server.browser().post('/auth/login', padded(limit)), 400, 'validation_failed');
    const chunked = await rawRequest(
      server.baseUrl,
      ['POST /auth/login HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked'],
      `${(limit + 1).toString(16)}\r\n${padded(limit + 1)}\r\n0\r\n\r\n`,
    );
    expect(chunked.status).toBe(413);
  });

  it('is a problem document: another media type, and a body that is compressed', async () => {
    const types = [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'nonsense',
      'application/octet-stream',
    ];
    for (const type of types)
      expectProblem(
        await server.browser().post('/auth/login', '{}', { 'content-type': type }),
        415,
        'unsupported_media_type',
        type,
      );
  });

  it('is a problem document: unknown, missing and wrong members, each with its pointer', async () => {
    const login = (body: unknown) => server.browser().post('/auth/login', body);
    const answer = await login({ email: 'nobody', passwort: 'x', tokens: 'cookie' });
    expectProblem(answer, 400, 'validation_failed');
    const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(['/email', '/password', '/passwort', '/tokens']));
    for (const wrong of [null, 1, true, ['a@example.org'], { $ne: null }, { toString: 'x' }]) {
      expectProblem(
        await login({ email: wrong, password: 'x' }),
        400,
        'validation_failed',
        JSON.stringify(wrong),
      );
      expectProblem(await login({ email: 'a@example.org', password: wrong }), 400, 'validation_failed');
    }
    expectProblem(await server.browser().post('/auth/login'), 400, 'validation_failed');
    const odd = await login({ email: 'a@example.org', password: 'x', 'a/b~c': 1 });
    expect(odd.body.errors[0].pointer).toBe('/a~1b~0c');
  });

  it('is a problem document: query members that are unknown, wrong or twice', async () => {
    for (const query of ['?x=1', '?limit=x', '?limit=101', '?limit[]=1', '?cursor[a]=1'])
      expectProblem(await person.browser.get(`/auth/sessions${query}`), 400, 'validation_failed', query);
    expectProblem(await person.browser.get('/auth/sessions?limit=1&limit=1'), 400, 'malformed_request');
  });

  it('is a problem document: what the router and the parser of HTTP refuse', async () => {
    expectProblem(await server.browser().get('/auth/%zz'), 400, 'malformed_request');
    expectProblem(await person.browser.delete(`/auth/sessions/${'a'.repeat(2000)}`), 404, 'not_found');
    const huge = await rawRequest(server.baseUrl, [
      'GET /auth/me HTTP/1.1',
      `X-Padding: ${'a'.repeat(20_000)}`,
    ]);
    expect(huge.status).toBe(431);
    expect(huge.body).not.toMatch(/Error|at /);
  });

  it('never repeats what was sent', async () => {
    const secret = 'correct-horse-secret-4711';
    const withCode = await signUpWith2fa(server);
    for (const answer of [
      await server
        .browser()
        .post('/auth/login', { email: secret, password: secret, [secret.slice(0, 3)]: secret }),
      await server.browser().post('/auth/refresh', { refreshToken: secret }),
      await withCode.browser.post('/auth/2fa/disable', { recoveryCode: secret }),
      await server.browser({ authorization: `Bearer ${secret}` }).get('/auth/me'),
      await server.browser().get(`/${secret}`),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(answer.body)).not.toContain(secret);
    }
  });
});

describe('a person’s data', () => {
  it('leaves out hashes, secrets and tokens wherever it is told', async () => {
    const withCode = await signUpWith2fa(server);
    const jwt = cookieOf(withCode.browser, 'jwt');
    for (const path of [
      '/auth/me',
      '/auth/2fa',
      '/auth/sessions',
      '/auth/events',
      '/api/users/me',
      '/api/users/me/export',
    ]) {
      const answer = await withCode.browser.get(path);
      expect(answer.status, path).toBe(200);
      const text = JSON.stringify(answer.body);
      for (const secret of [withCode.secret, withCode.password, jwt, '$2b$', ...withCode.recoveryCodes])
        expect(text.includes(secret), path).toBe(false);
      expect(text, path).not.toMatch(/hash|refreshToken|"secret"/i);
    }
  });
});
