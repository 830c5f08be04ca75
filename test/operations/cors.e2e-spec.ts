import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const APP = 'https://app.example.org';
let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ ALLOWED_ORIGINS: APP });
});
afterAll(() => server.close());

function corsHeadersOf({ headers }: Answer): string[] {
  return [...headers.keys()].filter((name) => name.startsWith('access-control-'));
}

describe('an app of an allowed origin', () => {
  it.each(['PUT', 'PATCH', 'DELETE'])('may %s with credentials after a preflight', async (method) => {
    const answer = await server.browser().send('OPTIONS', '/api/users/me', {
      headers: {
        origin: APP,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(answer.headers.get('access-control-allow-methods')).toContain(method);
  });

  it('may write, and reads the answer', async () => {
    const { browser } = await signUp(server);
    const headers = { origin: APP, 'sec-fetch-site': 'same-site' };
    const answer = await browser.send('PATCH', '/api/users/me', { body: { displayName: 'Ada' }, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
  });

  it('is the only one', async () => {
    const answer = await server.browser().send('OPTIONS', '/api/users/me', {
      headers: { origin: 'https://evil.example.org', 'access-control-request-method': 'DELETE' },
    });
    expect(corsHeadersOf(answer)).toEqual([]);
    const read = await server.browser({ origin: 'https://evil.example.org' }).get('/healthz');
    expect(corsHeadersOf(read)).toEqual([]);
    expect(corsHeadersOf(await server.browser().get('/healthz'))).toEqual([]);
  });
});

describe('a path that cannot be read', () => {
  it.each(['/%zz', '/api/users/%E0%A4%A', '/auth/sessions/%00'])(
    '%s is answered with a problem document',
    async (path) => {
      const { browser } = await signUp(server);
      const answer = await browser.get(path);
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(answer.headers.get('x-request-id')).toBe(answer.body.instance);
    },
  );
});

describe('a body that may be left out', () => {
  it('is no mistake, with or without its content type', async () => {
    const { browser } = await signUp(server);
    expect((await browser.post('/auth/2fa/skip')).status).toBe(200);
    const headers = { 'content-type': 'application/json' };
    expect((await browser.send('POST', '/auth/refresh', { headers })).status).toBe(200);
    expect((await browser.send('POST', '/auth/logout', { headers })).status).toBe(204);
  });
});
