import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { login, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { within } from './support/within.js';

const POOL_SIZE = 4;

let server: TestApp;
let person: Person;
beforeAll(async () => {
  server = await startTestApp({ DATABASE_POOL_SIZE: String(POOL_SIZE) });
  person = await signUp(server);
});
afterAll(() => server.close());

/** Somebody else holds the accounts, so that whoever signs in waits. @returns how to let go of them. */
async function holdAccounts(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
  return () => client.end();
}

function expectTryAgain(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('a pool whose connections are all taken', () => {
  it('is 503 for who would wait for too long; who needs no connection is served, and those who have one go on', async () => {
    const release = await holdAccounts();
    const answers: Answer[] = [];
    const waiting = Array.from({ length: 3 * POOL_SIZE }, async () => {
      answers.push((await login(server, person)).answer);
    });
    // Those without a connection are told; the others still wait for the accounts.
    await within(14_000, 'refusals', () => answers.length === 2 * POOL_SIZE);
    answers.forEach(expectTryAgain);
    for (const path of ['/healthz', '/.well-known/jwks.json'])
      expect((await server.browser().get(path)).status).toBe(200);
    await release();
    await Promise.all(waiting);
    expect(answers.slice(2 * POOL_SIZE).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await login(server, person)).answer.status).toBe(200);
  });
});

describe('a statement that takes too long', () => {
  it('is ended and answered 503; its connection serves the next one', async () => {
    const release = await holdAccounts();
    try {
      expectTryAgain((await login(server, person)).answer);
    } finally {
      await release();
    }
    const answers = await Promise.all(
      Array.from({ length: 2 * POOL_SIZE }, async () => (await login(server, person)).answer.status),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
  });
});
