import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { SECRETS } from '../support/secrets.js';
import { buildIfStale, startBuiltServer, type BuiltServer } from './built-server.js';

let database: TestDatabase;
let server: BuiltServer;
beforeAll(async () => {
  buildIfStale();
  database = await cloneDatabase();
  // A hash that takes long enough to be under way when the signal comes.
  server = await startBuiltServer({ DATABASE_URL: database.url, ...SECRETS, BCRYPT_COST: '14' });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('SIGTERM', () => {
  it('lets a request that was accepted have its answer, then ends with 0', { timeout: 60_000 }, async () => {
    const body = {
      username: 'drained',
      email: 'drained@example.org',
      password: 'lantern gravel otter mosaic',
    };
    const sent = request(`${server.url}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.end(JSON.stringify(body));
    await once(sent, 'finish');
    // Answered after the request above on another connection, so that one is being worked on by now.
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    const stopped = server.stop();
    const [answer] = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(201);
    expect(await stopped).toBe(0);
  });
});
