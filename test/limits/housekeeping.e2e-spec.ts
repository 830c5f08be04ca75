import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PeriodicJobs } from '../../src/database/periodic-jobs.js';
import { register, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let first: TestApp;
let second: TestApp;
beforeAll(async () => {
  first = await startTestApp();
  second = await startTestApp({}, first.database);
});
afterAll(async () => {
  await second.close();
  await first.close();
});

const jobsOf = (server: TestApp): PeriodicJobs => server.app.get(PeriodicJobs);

async function count(table: string): Promise<number> {
  const [row] = await first.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n ?? 0;
}

describe('housekeeping', () => {
  it('runs a job on one replica at a time, and again afterwards', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    jobsOf(first).every(60, 'test-job', async () => {
      begun();
      await held;
    });
    jobsOf(second).every(60, 'test-job', async () => undefined);
    const run = jobsOf(first).run('test-job');
    await isRunning;
    expect(await jobsOf(second).run('test-job')).toBe(false);
    letGo();
    expect(await run).toBe(true);
    expect(await jobsOf(second).run('test-job')).toBe(true);
  });

  it('gives the lock back where a job fails', async () => {
    jobsOf(first).every(60, 'failing-job', () => Promise.reject(new Error('no')));
    jobsOf(second).every(60, 'failing-job', async () => undefined);
    await expect(jobsOf(first).run('failing-job')).rejects.toThrow('no');
    expect(await jobsOf(second).run('failing-job')).toBe(true);
  });

  it('takes counters whose window is over and leaves the others', async () => {
    await first.database.query(
      `INSERT INTO rate_limits SELECT 'old:' || n, 1, 1000 FROM generate_series(1, 12000) n`,
    );
    await first.database.query(`INSERT INTO rate_limits VALUES ('new', 1, $1)`, [Date.now() + 60_000]);
    await jobsOf(first).run('sweep-rate-limits');
    expect(await count('rate_limits')).toBe(1);
  });

  it('takes addresses that nobody has signed in from for 30 days', async () => {
    await register(first);
    const before = await count('known_addresses');
    expect(before).toBeGreaterThan(0);
    await jobsOf(first).run('sweep-known-addresses');
    expect(await count('known_addresses')).toBe(before);
    first.clock.advance(31 * 24 * 3600);
    await jobsOf(first).run('sweep-known-addresses');
    expect(await count('known_addresses')).toBe(0);
    first.clock.advance(-31 * 24 * 3600);
  });

  it('takes sessions and mail links that are over for a day, and leaves what still counts', async () => {
    const person = await signUp(first);
    const sweep = async (): Promise<[number, number]> => {
      await jobsOf(first).run('sweep-sessions');
      await jobsOf(first).run('sweep-mail-tokens');
      return [await count('sessions'), await count('mail_tokens')];
    };
    const before = await sweep();
    // Of the registration the pending session and the settled one, and the link to verify the address.
    expect(before[0]).toBeGreaterThanOrEqual(2);
    expect(before[1]).toBeGreaterThanOrEqual(1);
    first.clock.advance(25 * 3600);
    const [settled, links] = await sweep();
    expect(settled).toBeLessThan(before[0]);
    expect(links).toBe(before[1]);
    expect((await person.browser.post('/auth/refresh', {})).status).toBe(200);
    first.clock.advance(31 * 24 * 3600);
    expect(await sweep()).toEqual([0, 0]);
    first.clock.advance(-32 * 24 * 3600 - 3600);
  });
});
