import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { newUsername, PASSWORD } from '../support/people.js';
import { publishedLongAgo } from '../support/server-keys.js';
import { SECRETS } from '../support/secrets.js';
import { until } from '../support/until.js';
import { buildIfStale, startBuiltServer, type BuiltServer } from './built-server.js';

const root = resolve(import.meta.dirname, '../..');
let database: TestDatabase;
let server: BuiltServer;
let service: Service;
beforeAll(async () => {
  buildIfStale();
  database = await cloneDatabase();
  server = await startBuiltServer({ DATABASE_URL: database.url, RATE_LIMIT_FACTOR: '1000', ...SECRETS });
  service = await startService();
}, 180_000);
afterAll(async () => {
  service?.child.kill();
  await server?.stop();
  await database?.drop();
});

interface Service {
  child: ChildProcess;
  whoIs(token: string): Promise<{ status: number; body: any }>; // eslint-disable-line -- asserted on
}

/** The example as its own process, which knows the server's address and nothing else. */
async function startService(): Promise<Service> {
  const child = spawn(process.execPath, ['examples/verify-tokens/server.mjs'], {
    cwd: root,
    env: { PATH: process.env['PATH'], SEALGATE: server.url, PORT: '0' },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(String(line))?.[0];
  return {
    child,
    whoIs: async (token) => {
      const answer = await fetch(`${url}/whoami`, { headers: { authorization: `Bearer ${token}` } });
      return { status: answer.status, body: await answer.json() };
    },
  };
}

/** `npm run keys -- …` as a process of its own. */
async function keys(...args: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, ['scripts/keys.mjs', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: database.url, ...SECRETS },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  await once(child, 'exit');
  return { status: child.exitCode, output };
}

interface Tokens {
  userId: string;
  pendingToken: string;
  accessToken: string;
  refreshToken: string;
}

async function signUp(): Promise<Tokens> {
  const client = new Browser(server.url);
  const username = newUsername();
  const credentials = { username, email: `${username}@example.org`, password: PASSWORD, tokens: 'body' };
  const { body: pending } = await client.post('/auth/register', credentials);
  const authorization = `Bearer ${pending.accessToken}`;
  const { body } = await client.post('/auth/2fa/skip', { tokens: 'body' }, { authorization });
  return { userId: pending.user.id, pendingToken: pending.accessToken, ...body };
}

async function refresh({ refreshToken }: Tokens): Promise<string> {
  const answer = await new Browser(server.url).post('/auth/refresh', { refreshToken });
  expect(answer.status).toBe(200);
  return answer.body.accessToken;
}

const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';

describe('another service with nothing but the JWKS', () => {
  it('knows who a token speaks for, and refuses what is no settled access token', async () => {
    const ada = await signUp();
    expect(await service.whoIs(ada.accessToken)).toEqual({
      status: 200,
      body: { user: ada.userId, session: expect.any(String), methods: ['pwd'] },
    });
    const [header, payload, signature] = ada.accessToken.split('.');
    const elevated = Buffer.from(JSON.stringify({ sub: ada.userId, tfa: true })).toString('base64url');
    for (const token of [
      ada.pendingToken,
      ada.refreshToken,
      'nonsense',
      `${header}.${payload}.`,
      `${header}.${elevated}.${signature}`,
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`,
    ])
      expect((await service.whoIs(token)).status, token).toBe(401);
  });

  it('goes on over a rotation by the command, with the keys that it fetched before', async () => {
    const grace = await signUp();
    expect((await service.whoIs(grace.accessToken)).status).toBe(200);
    await publishedLongAgo(database);
    const { status, output } = await keys('rotate', 'access-token');
    expect(status, output).toBe(0);
    let renewed = grace.accessToken;
    await until(1_000, async () => {
      renewed = (await signUp()).accessToken;
      return kidOf(renewed) !== kidOf(grace.accessToken);
    });
    expect((await service.whoIs(renewed)).status).toBe(200);
    expect((await service.whoIs(grace.accessToken)).status).toBe(200);
    expect(kidOf(await refresh(grace))).toBe(kidOf(renewed));
    const list = await keys('list');
    expect(list.output).toMatch(new RegExp(`access-token +active +${kidOf(renewed)}`));
    expect(list.output).toMatch(
      new RegExp(`access-token +retired +${kidOf(grace.accessToken)} .*counts until`),
    );
  });

  it('finds the key that takes over from a revoked one, and forgets the revoked one with its next fetch', async () => {
    const alan = await signUp();
    expect((await keys('revoke', kidOf(alan.accessToken))).status).toBe(0);
    const renewed = await refresh(alan);
    expect(kidOf(renewed)).not.toBe(kidOf(alan.accessToken));
    await until(20_000, async () => (await service.whoIs(renewed)).status === 200);
    service.child.kill();
    service = await startService();
    expect((await service.whoIs(alan.accessToken)).status).toBe(401);
    expect((await service.whoIs(renewed)).status).toBe(200);
  });

  it('shows the key of the key log', async () => {
    const { status, output } = await keys('log-key');
    expect(status).toBe(0);
    const published = await (await fetch(`${server.url}/api/log/key`)).text();
    // The commands were not told the server's PUBLIC_URL, which is the log's name.
    expect(output.trim().split('+').at(-1)).toBe(published.trim().split('+').at(-1));
  });
});
