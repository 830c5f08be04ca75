import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../support/people.js';
import { rawRequest } from '../support/raw-request.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { pathOf, PUBLIC_ROUTES, SELF_GUARDED_ROUTES } from './open-routes.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ SERVER_SIDE_CRYPTO: 'true' });
});
afterAll(() => server.close());

const open = new Set([...PUBLIC_ROUTES, ...SELF_GUARDED_ROUTES]);

describe('every route of the running router', () => {
  it('is listed: the router was watched while it was built', () => {
    const names = server.routes.map(({ method, url }) => `${method} ${url}`);
    expect(names).toEqual(
      expect.arrayContaining(['GET /auth/me', 'GET /healthz', 'DELETE /auth/sessions/:id']),
    );
    // HEAD answers nothing that GET guards, and there are no catch-all routes.
    expect(names.filter((name) => name.startsWith('HEAD ') || name.includes('*'))).toEqual([
      'HEAD /healthz',
      'HEAD /readyz',
    ]);
  });

  it('answers 401 unauthenticated without a token, unless it is public', async () => {
    const closed = server.routes.filter(({ method, url }) => !open.has(`${method} ${url}`));
    expect(closed.length).toBeGreaterThan(20);
    for (const { method, url } of closed) {
      const answer = await server.browser().send(method, pathOf(url), method === 'GET' ? {} : { body: {} });
      expect(answer, `${method} ${url}`).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it('asks for the session before it looks at the id or the body', async () => {
    expect((await server.browser().delete('/auth/sessions/not-a-uuid')).status).toBe(401);
    expect((await server.browser().post('/auth/2fa/verify', { nonsense: true })).status).toBe(401);
  });

  it.each([
    '/auth/me/',
    '//auth/me',
    '/auth//me',
    '/AUTH/ME',
    '/auth/me%2f',
    '/%61uth/me',
    '/auth/./me',
    '/auth/x/../me',
    '/auth/me;x',
    '/auth/me?',
    '/auth%2fme',
    '/public/../auth/me',
  ])('is not opened by writing it %s', async (path) => {
    const { browser } = await signUp(server);
    const { user } = (await browser.get('/auth/me')).body;
    // Sent as it stands: an HTTP client would tidy the path up.
    const answer = await rawRequest(server.baseUrl, [`GET ${path} HTTP/1.1`]);
    expect([401, 404]).toContain(answer.status);
    expect(answer.body).not.toContain(user.id);
  });

  it.each(['x-http-method-override', 'x-original-url', 'x-rewrite-url', 'x-forwarded-user'])(
    'is not opened by %s',
    async (header) => {
      const answer = await server.browser({ [header]: '/healthz' }).get('/auth/me');
      expect(answer.status).toBe(401);
    },
  );
});
