import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newUsername, register } from '../support/people.js';
import { hasRedis, TestRedis } from '../support/redis.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';

const REFUSED_AFTER_TEN = [...Array.from({ length: 10 }, () => 401), 429];

describe.skipIf(!hasRedis)('limits with REDIS_URL', () => {
  let redis: TestRedis;
  let server: TestApp;
  let replica: TestApp;
  beforeAll(async () => {
    redis = await TestRedis.start();
    const environment = { REDIS_URL: redis.url, RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '1' };
    server = await startTestApp(environment);
    replica = await startTestApp(environment, server.database);
  });
  afterAll(async () => {
    await replica.close();
    await server.close();
    await redis.stop();
  });
  beforeEach(async () => {
    for (const { baseUrl } of [server, replica])
      await until(10_000, async () => (await metrics(baseUrl)).includes('sealgate_redis_up 1'));
  });

  async function metrics(baseUrl: string): Promise<string> {
    return (await fetch(`${baseUrl}/metrics`)).text();
  }

  /** Eleven wrong passwords for eleven accounts from one address, over both replicas in turn. */
  async function guess(address: string): Promise<number[]> {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) {
      const browser = (i % 2 === 0 ? server : replica).browser({ 'x-forwarded-for': address });
      const email = `${newUsername()}@example.org`;
      statuses.push((await browser.post('/auth/login', { email, password: 'wrong password' })).status);
    }
    return statuses;
  }

  async function rowsInDatabase(): Promise<number> {
    const [{ count }] = (await server.database.query('SELECT count(*)::int FROM rate_limits')) as [
      { count: number },
    ];
    return count;
  }

  it('counts there, for all replicas, and leaves the database alone', async () => {
    const before = await rowsInDatabase();
    expect(await guess('192.0.2.1')).toEqual(REFUSED_AFTER_TEN);
    expect(await rowsInDatabase()).toBe(before);
    expect((await redis.keys()).filter((key) => key.startsWith('sealgate:login-ip:'))).toHaveLength(1);
    expect(JSON.stringify(await redis.keys())).not.toContain('192.0.2.1');
  });

  it('counts each of many at once', async () => {
    const browser = server.browser({ 'x-forwarded-for': '192.0.2.2' });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        browser.post('/auth/login', { email: `at-once-${i}@example.org`, password: 'wrong password' }),
      ),
    );
    // Every account is another one, so that only the counter of the address is spent.
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50);
  });

  it('goes on counting in the database while Redis is dead, and lets nobody guess for ever', async () => {
    expect(await guess('192.0.2.3')).toEqual(REFUSED_AFTER_TEN);
    await redis.kill();
    await until(10_000, async () => (await metrics(server.baseUrl)).includes('sealgate_redis_up 0'));
    // The database begins anew: one more quota, and no more.
    expect(await guess('192.0.2.3')).toEqual(REFUSED_AFTER_TEN);
    const { user, password } = await register(server, { headers: { 'x-forwarded-for': '192.0.2.4' } });
    const browser = server.browser({ 'x-forwarded-for': '192.0.2.4' });
    expect((await browser.post('/auth/login', { email: user.email, password })).status).toBe(200);
    await redis.restart();
  });

  it('does not wait for a Redis that hangs', async () => {
    redis.freeze();
    try {
      expect(await guess('192.0.2.5')).toEqual(REFUSED_AFTER_TEN);
      expect(await rowsInDatabase()).toBeGreaterThan(0);
      expect((await fetch(`${server.baseUrl}/readyz`)).status).toBe(200);
    } finally {
      redis.thaw();
    }
  });
});

describe.skipIf(!hasRedis)('a REDIS_URL where nobody answers', () => {
  it('does not keep the server from starting or from counting', async () => {
    const redis = await TestRedis.start();
    await redis.stop();
    const server = await startTestApp({ REDIS_URL: redis.url });
    const { user, password } = await register(server);
    const answer = await server.browser().post('/auth/login', { email: user.email, password });
    expect(answer.status).toBe(200);
    await server.close();
  });
});
