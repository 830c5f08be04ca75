import type { Fake42 } from '@sealgate/fake-42';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeSmtp, type FakeSmtp } from '../mail/fake-smtp.js';
import { signInWith42, startFortyTwo } from '../support/forty-two.js';
import { login, signUp } from '../support/people.js';
import { hasRedis, TestRedis } from '../support/redis.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { within } from './support/within.js';

/** Each of them takes connections and never answers. */
describe.skipIf(!hasRedis)('42, the mail server and Redis, which all hang', () => {
  let fake: Fake42;
  let smtp: FakeSmtp;
  let redis: TestRedis;
  let server: TestApp;
  beforeAll(async () => {
    const fortyTwo = await startFortyTwo();
    fake = fortyTwo.fake;
    smtp = await startFakeSmtp();
    redis = await TestRedis.start();
    server = await startTestApp({
      ...fortyTwo.environment,
      SMTP_URL: smtp.url,
      REDIS_URL: redis.url,
    });
    await within(10_000, 'Redis', async () => (await metrics()).includes('sealgate_redis_up 1'));
    fake.misbehave({ endpoint: 'token', kind: 'hang' });
    smtp.mood = 'silent';
    redis.freeze();
  });
  afterAll(async () => {
    redis.thaw();
    await server.close();
    await Promise.all([fake.close(), smtp.close(), redis.stop()]);
  });

  async function metrics(): Promise<string> {
    return (await server.browser().get('/metrics')).body as string;
  }

  it('send whoever comes from 42 back to the sign-in with the reason', async () => {
    const answer = await signInWith42(server.browser());
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/sign-in?error=provider_unavailable');
  });

  it('keep nobody from registering and signing in, and the mail waits', async () => {
    const person = await signUp(server);
    expect((await login(server, person)).answer.status).toBe(200);
    expect((await server.browser().get('/readyz')).status).toBe(200);
    const sql = 'SELECT count(*)::int AS mails FROM mail_outbox';
    const [row] = await server.database.query<{ mails: number }>(sql);
    expect(row?.mails).toBeGreaterThan(0);
  });

  it('are used again once they answer', async () => {
    fake.misbehave(null);
    smtp.mood = 'kind';
    redis.thaw();
    await within(10_000, 'Redis', async () => (await metrics()).includes('sealgate_redis_up 1'));
    expect((await signInWith42(server.browser())).headers.get('location')).toBe('/first-login');
    const { user } = await signUp(server);
    await within(10_000, 'the mail', () => smtp.deliveries.some(({ to }) => to.includes(user.email)));
  });
});
