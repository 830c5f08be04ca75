import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { register, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let owner: Person;
beforeAll(async () => {
  server = await startTestApp({ BCRYPT_COST: '11', RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '1' });
  owner = await register(server, { headers: { 'x-forwarded-for': '198.51.100.7' } });
});
afterAll(() => server.close());

const FLOOD = 60;

/** So many sign-ins at once from one address; counts the answers as they come. */
function flood(address: string, body: (i: number) => object): { answered: number; all: Promise<number[]> } {
  const progress = { answered: 0, all: Promise.resolve<number[]>([]) };
  progress.all = Promise.all(
    Array.from({ length: FLOOD }, async (_, i) => {
      const browser = server.browser({ 'x-forwarded-for': address });
      const { status } = await browser.post('/auth/login', body(i));
      progress.answered += 1;
      return status;
    }),
  );
  return progress;
}

function ownersSignIn(): Promise<Answer> {
  const browser = server.browser({ 'x-forwarded-for': '198.51.100.7' });
  return browser.post('/auth/login', { email: owner.user.email, password: owner.password });
}

describe('one address that sends more sign-ins than the server can hash', () => {
  it('is worked off beside the others and not before them', async () => {
    const address = '203.0.113.9';
    const { user, password } = await register(server, { headers: { 'x-forwarded-for': address } });
    const sent = flood(address, () => ({ email: user.email, password }));
    expect((await ownersSignIn()).status).toBe(200);
    expect(sent.answered).toBeLessThan(FLOOD / 2);
    expect(new Set(await sent.all)).toEqual(new Set([200]));
  });

  it('is not hashed for beyond its quota', async () => {
    const sent = flood('203.0.113.10', (i) => ({
      email: `nobody-${i}@example.org`,
      password: 'wrong password',
    }));
    expect((await ownersSignIn()).status).toBe(200);
    const statuses = await sent.all;
    const [failures] = await server.database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM security_events WHERE type = 'sign_in_failed' AND ip = '203.0.113.10'",
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    // Whoever was in the hasher's hands when the tenth failed was hashed for, and is not told.
    expect(failures?.count).toBeLessThan(FLOOD / 2);
  });
});
