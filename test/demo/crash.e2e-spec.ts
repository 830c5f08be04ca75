import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale, scratchDir, startBuiltServer, type BuiltServer } from './built-server.js';

const PASSWORD = 'lantern gravel otter mosaic';
let dataDir: string;
let server: BuiltServer;

beforeAll(async () => {
  buildIfStale();
  dataDir = await scratchDir();
  server = await start();
}, 120_000);
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function start(): Promise<BuiltServer> {
  return startBuiltServer({ DATA_DIR: dataDir, RATE_LIMIT_FACTOR: '100000' });
}

function post(path: string, body: object): Promise<Response | null> {
  const headers = { 'content-type': 'application/json' };
  return fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null);
}

/** Registers people until the server is gone. @returns who got their 201. */
async function registerUntilItDies(round: number, worker: number, acknowledged: string[]): Promise<void> {
  for (let i = 0; ; i++) {
    const username = `crash-${round}-${worker}-${i}`;
    const answer = await post('/auth/register', {
      username,
      email: `${username}@example.org`,
      password: PASSWORD,
    });
    if (answer?.status !== 201) return;
    acknowledged.push(`${username}@example.org`);
  }
}

async function killServerAndDatabase(): Promise<void> {
  const postmaster = Number(
    (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0],
  );
  server.child.kill('SIGKILL');
  process.kill(postmaster, 'SIGKILL');
  await once(server.child, 'exit');
}

describe('kill -9 of the server and its database in the middle of writes', () => {
  it.each([1, 2])(
    'loses no account that was acknowledged (round %i)',
    { timeout: 120_000 },
    async (round) => {
      const acknowledged: string[] = [];
      const workers = [1, 2, 3, 4].map((worker) => registerUntilItDies(round, worker, acknowledged));
      while (acknowledged.length < 25) await new Promise((done) => setImmediate(done));
      await killServerAndDatabase();
      await Promise.all(workers);
      server = await start();
      const statuses = await Promise.all(
        acknowledged.map(async (email) => (await post('/auth/login', { email, password: PASSWORD }))?.status),
      );
      expect(statuses).toEqual(acknowledged.map(() => 200));
    },
  );
});
