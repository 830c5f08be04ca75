import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeKeys, registerKeys } from '../support/keys.js';
import { login, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ SERVER_SIDE_CRYPTO: 'true' });
});
afterAll(() => server.close());

const PATH = '/api/crypto/generate-keys';

describe('whoever lets the server make keys as fast as it can', () => {
  it('gets one pair at a time, and everybody else still signs in', async () => {
    const mallory = await signUp(server);
    const ada = await signUp(server);
    const flood = Array.from({ length: 60 }, () => mallory.browser.post(PATH));
    const began = performance.now();
    expect((await login(server, ada)).answer.status).toBe(200);
    expect(performance.now() - began).toBeLessThan(10_000);
    const answers = await Promise.all(flood);
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 503);
    // Those that came after the first one was made may have had a turn of their own.
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(made.length).toBeLessThan(10);
    expect(made.length + refused.length).toBe(60);
    for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const { keys } = (await ada.browser.get(`/api/crypto/keys/${mallory.user.id}`)).body;
    expect(keys).toHaveLength(made.length);
  }, 60_000);
});

describe('an account’s keys', () => {
  it('change twenty times a day at most, made by the client or by the server', async () => {
    let ada = await registerKeys(await signUp(server));
    for (let version = 2; version <= 20; version++) ada = await changeKeys(ada);
    for (const answer of [
      await ada.browser.post(PATH),
      await changeKeys(ada).catch((error: Error) => error),
    ]) {
      if (answer instanceof Error) expect(answer.message).toContain('rate_limited');
      else expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    }
    const { keys } = (await ada.browser.get(`/api/crypto/keys/${ada.user.id}`)).body;
    expect(keys).toHaveLength(20);
  }, 60_000);
});

describe('sealing on the server', () => {
  it('has a quota for each account, which refusals spend too', async () => {
    const { browser, user } = await signUp(server);
    const body = { envelope: {}, privateKey: { kty: 'RSA' } };
    const first = await browser.post('/api/crypto/decrypt', body);
    expect(first.status).toBe(400);
    await server.database.query(`UPDATE rate_limits SET points = 600 WHERE key LIKE 'server-crypto:%'`);
    for (const path of ['/api/crypto/decrypt', '/api/crypto/encrypt']) {
      const answer = await browser.post(path, body);
      expect(answer, `${path} ${user.id}`).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(answer.headers.get('ratelimit-policy')).toBe('"server-crypto";q=600;w=60');
    }
    const other = await signUp(server);
    expect((await other.browser.post('/api/crypto/decrypt', body)).status).toBe(400);
  });
});
