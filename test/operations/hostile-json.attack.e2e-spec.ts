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

  it.each(['{"constructor":"lost"}', '{"nested":[{"prototype":"lost"}]}'])(
    'is refused where its members would be lost: %s',
    async (backup) => {
      const { browser } = await signUp(server);
      const body = `{"version":0,"backup":${backup}}`;
      const answer = await browser.send('PUT', '/api/crypto/backup', { body });
      expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
      expect((await browser.get('/api/crypto/backup')).status).toBe(404);
    },
  );

  it('may say what it likes in its values, and have members of other odd names', async () => {
    const { browser } = await signUp(server);
    const backup = { note: 'the constructor of a prototype', 'caf\u00e9': [1, { deep: null }] };
    const body = JSON.stringify({ version: 0, backup }).replace('\u00e9', '\\u00e9');
    expect((await browser.send('PUT', '/api/crypto/backup', { body })).status).toBe(200);
    expect((await browser.get('/api/crypto/backup')).body.backup).toEqual(backup);
  });
});
