import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

describe('hostile JSON', () => {
  it.each([33, 2_000, 120_000])('is refused with 400 when it is nested %i deep', async (depth) => {
    const body = `{"email":${'['.repeat(depth)}${']'.repeat(depth)},"password":"x"}`;
    const answer = await server.browser().post('/auth/login', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  });

  it.each(['{"__proto__":{"role":"admin"}}', '{"constructor":{"prototype":{"role":"admin"}}}'])(
    'cannot reach prototypes: %s',
    async (body) => {
      const { browser } = await signUp(server);
      const answer = await browser.send('PATCH', '/api/users/me', { body });
      expect(answer.status).toBe(400);
      expect((await browser.get('/auth/me')).body.user.role).toBe('user');
    },
  );

  it('comes back as it was sent where it is opaque', async () => {
    const { browser } = await signUp(server);
    const backup = { constructor: 'kept', nested: { hasOwnProperty: [1, { toString: null }] } };
    expect((await browser.put('/api/crypto/backup', { version: 0, backup })).status).toBe(200);
    expect((await browser.get('/api/crypto/backup')).body.backup).toEqual(backup);
  });
});
