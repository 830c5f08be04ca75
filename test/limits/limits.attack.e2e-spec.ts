import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUsername, register } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const unknown = (): string => `${newUsername()}@example.org`;

let plain: TestApp;
let first: TestApp;
let second: TestApp;
beforeAll(async () => {
  plain = await startTestApp({ RATE_LIMIT_FACTOR: '1' });
  first = await startTestApp({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '1' });
  second = await startTestApp({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '1' }, first.database);
});
afterAll(async () => {
  await second.close();
  await first.close();
  await plain.close();
});

const TEN_TIMES_401 = Array.from({ length: 10 }, () => 401);

async function guess(server: TestApp, headers: Record<string, string>, email = unknown()): Promise<number> {
  const answer = await server.browser(headers).post('/auth/login', { email, password: 'wrong password' });
  return answer.status;
}

describe('a forged X-Forwarded-For', () => {
  it('changes nothing where no proxy is trusted', async () => {
    const statuses: number[] = [];
    for (let i = 1; i <= 11; i++) {
      const forged = `203.0.113.${i}`;
      statuses.push(await guess(plain, { 'x-forwarded-for': forged, forwarded: `for=${forged}` }));
    }
    expect(statuses).toEqual([...TEN_TIMES_401, 429]);
  });

  it('changes nothing behind a proxy either: what the proxy appended counts', async () => {
    const statuses: number[] = [];
    for (let i = 1; i <= 11; i++)
      statuses.push(await guess(first, { 'x-forwarded-for': `203.0.113.${i}, 198.51.100.9` }));
    expect(statuses).toEqual([...TEN_TIMES_401, 429]);
  });
});

describe('many guesses at once', () => {
  it('tells at most ten of sixty over two replicas that they are wrong', async () => {
    const { user } = await register(first, { headers: { 'x-forwarded-for': '198.51.100.1' } });
    const from = { 'x-forwarded-for': '198.51.100.2' };
    const statuses = await Promise.all(
      Array.from({ length: 60 }, (_, i) => guess(i % 2 === 0 ? first : second, from, user.email)),
    );
    // Two counters, of the address and of the pair, are spent by whoever comes first to each: one or two of the ten
    // may be refused by the other's.
    const told = statuses.filter((status) => status === 401).length;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(60 - told);
  });

  it('counts failures on one replica against the other', async () => {
    const from = { 'x-forwarded-for': '198.51.100.3' };
    for (let i = 0; i < 5; i++) await Promise.all([guess(first, from), guess(second, from)]);
    expect([await guess(first, from), await guess(second, from)]).toEqual([429, 429]);
  });
});

describe('a flood of registrations', () => {
  it('is refused after a hundred from one address in an hour, whatever came of them', async () => {
    const send = (address: string): Promise<{ status: number; headers: Headers }> =>
      first.browser({ 'x-forwarded-for': address }).post('/auth/register', {});
    await register(first, { headers: { 'x-forwarded-for': '198.51.100.4' } });
    for (let i = 0; i < 9; i++) await Promise.all(Array.from({ length: 11 }, () => send('198.51.100.4')));
    const refused = await send('198.51.100.4');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-policy')).toBe('"register-ip";q=100;w=3600');
    expect(refused.headers.get('ratelimit')).toMatch(/^"register-ip";r=0;t=3[56]\d\d$/);
    expect((await send('198.51.100.5')).status).toBe(400);
  });

  it('is bounded as well where all come at once', async () => {
    const sent = await Promise.all(
      Array.from({ length: 103 }, () => plain.browser().post('/auth/register', {})),
    );
    const statuses = sent.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([...Array.from({ length: 100 }, () => 400), 429, 429, 429]);
  });
});

describe('what the limits keep', () => {
  it('names no e-mail and no address', async () => {
    await guess(first, { 'x-forwarded-for': '198.51.100.6' }, 'secret@example.org');
    const kept = JSON.stringify(await first.database.query('SELECT key FROM rate_limits'));
    expect(kept).toContain('login-pair');
    expect(kept).not.toMatch(/secret|198\.51/);
  });
});

describe('counters that cannot be reached', () => {
  it('fail closed: 503, and no password is looked at', async () => {
    const { user, password } = await register(first, { headers: { 'x-forwarded-for': '198.51.100.7' } });
    await first.database.query('ALTER TABLE rate_limits RENAME TO rate_limits_gone');
    const answer = await first
      .browser({ 'x-forwarded-for': '198.51.100.7' })
      .post('/auth/login', { email: user.email, password });
    expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.setCookies).toEqual([]);
    expect((await first.browser().post('/auth/register', {})).status).toBe(503);
    await first.database.query('ALTER TABLE rate_limits_gone RENAME TO rate_limits');
  });
});
