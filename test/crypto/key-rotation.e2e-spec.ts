import { decodeProtectedHeader } from 'jose';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring/key-ring.service.js';
import { ROTATING_PURPOSES } from '../../src/crypto/key-ring/core/key-life.js';
import { PeriodicJobs } from '../../src/database/periodic-jobs.js';
import { cookieOf } from '../auth/tokens.js';
import type { Browser } from '../support/browser.js';
import { login, signUp, type Person } from '../support/people.js';
import { keyRows, keys, publishedLongAgo } from '../support/server-keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';

const DAY = 24 * 3600;
let here: TestApp;
let there: TestApp;
beforeEach(async () => {
  here = await startTestApp();
  there = await startTestApp({}, here.database);
});
afterEach(async () => {
  await there.close();
  await here.close();
});

const kidOf = (browser: Browser) => decodeProtectedHeader(cookieOf(browser, 'jwt')).kid;
const states = async (purpose = 'access-token') =>
  (await keyRows(here.database, purpose)).map(({ state }) => state);

/** The same cookies, presented to the other replica. */
function elsewhere(server: TestApp, browser: Browser): Browser {
  const twin = server.browser();
  for (const [name, cookie] of browser.cookies) twin.cookies.set(name, cookie);
  return twin;
}

describe('rotation in the middle of traffic', () => {
  it('fails no request on either replica, while every key is rotated again and again', async () => {
    const people = await Promise.all([0, 1, 2, 3].map(() => signUp(here)));
    const used = new Set<string | undefined>();
    const failed: unknown[] = [];
    const end = new AbortController();
    let count = 0;
    const check = (answer: { status: number; body: unknown }): void => {
      count += 1;
      if (answer.status !== 200) failed.push(answer);
    };
    const live = async (person: Person): Promise<void> => {
      while (!end.signal.aborted) {
        check(await person.browser.get('/auth/me'));
        check(await elsewhere(there, person.browser).get('/auth/me'));
        check(await person.browser.post('/auth/refresh', {}));
        // By the key of one replica, at once at the other one.
        check(await elsewhere(there, person.browser).get('/auth/me'));
        check((await login(there, person)).answer);
        check(await there.browser().get('/.well-known/jwks.json'));
        used.add(kidOf(person.browser));
      }
    };
    const traffic = people.map(live);
    for (let round = 0; round < 4; round++) {
      await publishedLongAgo(here.database);
      const before = count;
      expect(await keys(here.database, ['rotate'])).toMatchObject({ status: 0 });
      // The traffic goes on for a while on the new keys.
      await until(30_000, async () => count > before + 60);
    }
    end.abort();
    await Promise.all(traffic);
    expect(failed).toEqual([]);
    expect(used.size).toBe(5);
  });
});

describe('a key that was rotated out', () => {
  it('verifies for as long as its tokens may live and then no more, nor stands in the JWKS', async () => {
    const { browser } = await signUp(here);
    const before = kidOf(browser);
    expect(await keys(here.database, ['rotate', 'access-token'])).toMatchObject({ status: 0 });
    const published = async () => {
      const { keys } = (await here.browser().get('/.well-known/jwks.json')).body;
      return keys.map(({ kid }: { kid: string }) => kid);
    };
    expect((await published()).at(-1)).toBe(before);
    here.clock.advance(14 * 60);
    expect((await browser.get('/auth/me')).status).toBe(200);
    here.clock.advance(5 * 60);
    expect(await published()).toContain(before);
    expect(here.app.get(KeyRing).find('access-token', before ?? '')).toBeDefined();
    here.clock.advance(61);
    expect(await published()).not.toContain(before);
    expect(here.app.get(KeyRing).find('access-token', before ?? '')).toBeUndefined();
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    expect(kidOf(browser)).not.toBe(before);
  });

  it('opens sealed requests for a day', async () => {
    const ring = here.app.get(KeyRing);
    const { kid } = ring.active('sealed-encryption');
    await ring.rotate('sealed-encryption');
    here.clock.advance(DAY - 60);
    expect(ring.find('sealed-encryption', kid)).toBeDefined();
    here.clock.advance(61);
    expect(ring.find('sealed-encryption', kid)).toBeUndefined();
  });
});

describe('the schedule', () => {
  const run = (server: TestApp) => server.app.get(PeriodicJobs).run('rotate-server-keys');

  it('rotates each use after its days and not before, on one replica', async () => {
    for (const server of [here, there]) server.clock.advance(30 * DAY - 60);
    await run(here);
    expect(await states()).toEqual(['active', 'next']);
    for (const server of [here, there]) server.clock.advance(61);
    await Promise.all([run(here), run(there)]);
    await run(there);
    expect(await states()).toEqual(['active', 'next', 'retired']);
    expect(await states('sealed-encryption')).toEqual(['active', 'next']);
    for (const server of [here, there]) server.clock.advance(60 * DAY);
    await Promise.all([run(here), run(there)]);
    await run(there);
    for (const purpose of ROTATING_PURPOSES)
      expect((await states(purpose)).filter((state) => state !== 'retired')).toEqual(['active', 'next']);
    expect(await states('sealed-signature')).toContain('retired');
    expect(await states('key-log')).toEqual(['active']);
  });

  it('destroys what nobody reads any more', async () => {
    await here.app.get(KeyRing).rotate('sealed-encryption');
    here.clock.advance(DAY + 1800);
    await run(here);
    expect(await states('sealed-encryption')).toContain('retired');
    here.clock.advance(1801);
    await run(here);
    expect(await states('sealed-encryption')).toEqual(['active', 'next']);
  });

  it('shows the age of each key, so that one that stands still is seen', async () => {
    here.clock.advance(7 * DAY);
    const { body } = await here.browser().get('/metrics');
    const age = /sealgate_server_key_age_seconds\{purpose="access-token",state="active"\} (\d+)/.exec(body);
    expect(Number(age?.[1])).toBeGreaterThanOrEqual(7 * DAY);
    expect(Number(age?.[1])).toBeLessThan(7 * DAY + 600);
    expect(body).toContain('sealgate_server_key_age_seconds{purpose="key-log",state="active"}');
  });
});

describe('two rotations at once', () => {
  it('are one, from the command line and from both replicas', async () => {
    await publishedLongAgo(here.database);
    const before = here.app.get(KeyRing).active('access-token').kid;
    await Promise.all([
      keys(here.database, ['rotate', 'access-token']),
      keys(here.database, ['rotate', 'access-token']),
      ...[here, there].map(({ app }) => app.get(KeyRing).rotate('access-token').catch(String)),
    ]);
    const rows = await keyRows(here.database, 'access-token');
    expect(rows.map(({ state }) => state)).toEqual(['active', 'next', 'retired']);
    expect(rows.at(-1)?.kid).toBe(before);
  });

  it('one soon after the other waits until everybody knows the next key', async () => {
    expect(await keys(here.database, ['rotate', 'access-token'])).toMatchObject({ status: 0 });
    const { status, output } = await keys(here.database, ['rotate', 'access-token']);
    expect(status).toBe(1);
    expect(output).toMatch(/not rotated.*It can take over from \d{4}-/);
    expect(await states()).toEqual(['active', 'next', 'retired']);
    await publishedLongAgo(here.database);
    expect(await keys(here.database, ['rotate', 'access-token'])).toMatchObject({ status: 0 });
  });
});

describe('a crash between two states', () => {
  it('leaves the ring as it was', async () => {
    const before = await keyRows(here.database, 'access-token');
    const next = before.find(({ state }) => state === 'next')?.kid;
    const blocker = new pg.Client({ connectionString: here.database.url });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM server_keys WHERE kid = $1 FOR UPDATE', [next]);
    // It has retired the active key and stands before the next one.
    const rotation = here.app
      .get(KeyRing)
      .rotate('access-token')
      .then(String, () => 'died');
    await until(10_000, async () => {
      const killed = await here.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE "server_keys"%'`,
      );
      return killed.length > 0;
    });
    expect(await rotation).toBe('died');
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect(await keyRows(here.database, 'access-token')).toEqual(before);
    expect(here.app.get(KeyRing).active('access-token').kid).not.toBe(next);
    expect(await there.app.get(KeyRing).rotate('access-token')).toMatchObject({ to: next });
  });

  it('that lost the waiting key is made good at the next look, and one without an active key uses the waiting one', async () => {
    const [active, next] = await keyRows(here.database, 'access-token');
    await here.database.query('DELETE FROM server_keys WHERE kid = $1', [active?.kid]);
    await here.app.get(PeriodicJobs).run('rotate-server-keys');
    const rows = await keyRows(here.database, 'access-token');
    expect(rows.map(({ state }) => state)).toEqual(['active', 'next']);
    expect(rows[0]?.kid).toBe(next?.kid);
  });
});
