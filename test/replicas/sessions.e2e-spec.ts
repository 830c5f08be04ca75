import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.js';
import { codeFor, login, PASSWORD, register, signUp, type Person } from '../support/people.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';
import { ADMIN, at, startTwoReplicas, type Replica, type TwoReplicas } from './two-replicas.js';

let two: TwoReplicas;
beforeAll(async () => {
  two = await startTwoReplicas();
}, 240_000);
afterAll(() => two.stop());

const clock = new TestClock();

async function status(browser: Browser): Promise<number> {
  return (await browser.get('/auth/me')).status;
}

/** "Within one second" (api.md §2). */
function endsAt(replica: Replica, browser: Browser): Promise<void> {
  const there = at(replica, browser);
  return until(1_000, async () => (await status(there)) === 401);
}

/** With 2FA on, and the code that turned it on fresh again: the processes' clocks are real. */
async function signUpWithCode(): Promise<Person & { code(): string }> {
  const person = await register(two.first);
  const { secret } = (await person.browser.post('/auth/2fa/generate', {})).body;
  const code = () => codeFor({ clock }, secret);
  expect((await person.browser.post('/auth/2fa/enable', { code: code() })).status).toBe(200);
  await two.database.query('UPDATE two_factor SET last_time_step = 0 WHERE user_id = $1', [person.user.id]);
  return { ...person, code };
}

describe('refreshing on two replicas', () => {
  it('gives twenty uses at once of one token one successor, and signs nobody out', async () => {
    const { browser } = await signUp(two.first);
    const tabs = Array.from({ length: 20 }, (_, i) => at(i % 2 === 0 ? two.first : two.second, browser));
    const answers = await Promise.all(tabs.map((tab) => tab.post('/auth/refresh', {})));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(tabs.map(({ cookies }) => cookies.get('refresh')?.value)).size).toBe(1);
    for (const tab of tabs) expect(await status(tab)).toBe(200);
    expect((await at(two.second, tabs[0]!).post('/auth/refresh', {})).status).toBe(200);
  });

  it('ends the session on both when the token before is used again later', async () => {
    const { browser, user } = await signUp(two.first);
    const thief = at(two.second, browser);
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    const sql = `UPDATE sessions SET refresh_rotated_at = refresh_rotated_at - interval '31 s' WHERE user_id = $1`;
    await two.database.query(sql, [user.id]);
    expect(await thief.post('/auth/refresh', {})).toMatchObject({
      status: 401,
      body: { code: 'invalid_refresh_token' },
    });
    await endsAt(two.first, browser);
    await endsAt(two.second, browser);
    expect((await browser.post('/auth/refresh', {})).status).toBe(401);
    const told = await two.database.query(
      `SELECT (SELECT count(*)::int FROM security_events WHERE user_id = $1 AND type = 'refresh_token_reused') AS log`,
      [user.id],
    );
    expect(told).toEqual([{ log: 1 }]);
  });
});

describe('what ends a session on one replica ends it on the other within a second', () => {
  it('signing out', async () => {
    const { browser } = await signUp(two.first);
    expect(await status(at(two.second, browser))).toBe(200);
    const before = at(two.second, browser);
    await browser.post('/auth/logout');
    await endsAt(two.second, before);
  });

  it('a new password', async () => {
    const person = await signUp(two.first);
    const { browser: other } = await login(two.second, person);
    const change = { currentPassword: PASSWORD, newPassword: 'copper violin meadow falcon' };
    expect((await person.browser.post('/auth/password', change)).status).toBe(204);
    await endsAt(two.second, other);
    expect(await status(at(two.second, person.browser))).toBe(200);
  });

  it('the suspension and the deletion of the account', async () => {
    const admin = await signUp(two.first, { email: ADMIN });
    for (const end of ['suspended', 'deleted']) {
      const { browser, user } = await signUp(two.second);
      expect(await status(browser)).toBe(200);
      const path = `/api/users/${user.id}`;
      const answer =
        end === 'deleted'
          ? await admin.browser.delete(path)
          : await admin.browser.put(path, { suspended: true });
      expect(answer.status, end).toBeLessThan(300);
      await endsAt(two.second, browser);
      expect((await browser.post('/auth/refresh', {})).status, end).toBe(401);
    }
  });
});

describe('the notification line of a replica that is cut', () => {
  const lines = () =>
    two.database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'sealgate-bus' AND datname = current_database()`,
    );

  it('fails closed while it is cut, and hears again by itself', async () => {
    const [cut, healed] = [await signUp(two.first), await signUp(two.first)];
    const before = await lines();
    expect(before).toHaveLength(2);
    const seen = at(two.second, cut.browser);
    await two.database.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [
      before.map(({ pid }) => pid),
    ]);
    await cut.browser.post('/auth/logout');
    await endsAt(two.second, seen);
    await until(10_000, async () => {
      const now = await lines();
      return now.length === 2 && now.every(({ pid }) => !before.some((old) => old.pid === pid));
    });
    const open = at(two.second, healed.browser);
    expect(await status(open)).toBe(200);
    await healed.browser.post('/auth/logout');
    await endsAt(two.second, open);
    expect(await status(seen)).toBe(401);
  });
});

describe('the second step on two replicas', () => {
  it('takes a code on one of them, once', async () => {
    const person = await signUpWithCode();
    const code = person.code();
    const replicas = [two.first, two.second, two.first, two.second];
    const devices = await Promise.all(replicas.map((replica) => login(replica, person)));
    const answers = await Promise.all(
      devices.map(({ browser }) => browser.post('/auth/2fa/verify', { code })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401, 401, 401]);
    const { browser } = await login(two.second, person);
    expect(await browser.post('/auth/2fa/verify', { code })).toMatchObject({
      status: 401,
      body: { code: 'invalid_code' },
    });
  });

  it('counts wrong codes of both to one lock', async () => {
    const person = await signUpWithCode();
    const here = (await login(two.first, person)).browser;
    const there = (await login(two.second, person)).browser;
    for (const browser of [here, there, here, there, here])
      expect((await browser.post('/auth/2fa/verify', { code: '000000' })).status).toBe(401);
    for (const browser of [here, there])
      expect(await browser.post('/auth/2fa/verify', { code: person.code() })).toMatchObject({
        status: 429,
        body: { code: 'second_factor_locked' },
      });
  });
});

// Last: it locks this machine's address for a minute.
describe('guessing passwords on two replicas', () => {
  it('is counted together', async () => {
    const guess = (replica: Replica) =>
      replica.browser().post('/auth/login', { email: 'nobody@example.org', password: 'not the password' });
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await guess(i % 2 === 0 ? two.first : two.second)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    expect((await guess(two.second)).status).toBe(429);
  });
});
