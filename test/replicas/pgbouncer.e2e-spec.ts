import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { buildIfStale, playDemo, startBuiltServer } from '../demo/built-server.js';
import { Browser } from '../support/browser.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { signUp } from '../support/people.js';
import { SECRETS } from '../support/secrets.js';
import { until } from '../support/until.js';

const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0;
/** It refuses to run as root. */
const USER = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];

describe.skipIf(!hasPgBouncer)('replicas behind PgBouncer', () => {
  let directory: string;
  let database: TestDatabase;
  let pooler: ChildProcess | undefined;
  beforeEach(async () => {
    buildIfStale();
    directory = await mkdtemp(join(tmpdir(), 'sealgate-pgbouncer-'));
    await chmod(directory, 0o755);
    database = await cloneDatabase();
  }, 240_000);
  afterEach(async () => {
    pooler?.kill('SIGINT');
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  /** @returns the DATABASE_URL that leads through it. */
  async function startPooler(mode: 'session' | 'transaction'): Promise<string> {
    const url = new URL(database.url);
    const port = await freePort();
    const target = `host=${url.hostname} port=${url.port} user=${url.username} password=${url.password}`;
    const config = [
      '[databases]',
      `* = ${target}`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1`,
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      'default_pool_size = 40',
      // What each connection of Sealgate asks for: operations.md sets it for the role instead.
      'ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout',
    ];
    await writeFile(join(directory, 'pgbouncer.ini'), config.join('\n'), { mode: 0o644 });
    pooler = spawn('pgbouncer', [...USER, join(directory, 'pgbouncer.ini')], { stdio: 'ignore' });
    url.host = `127.0.0.1:${port}`;
    return url.href;
  }

  const environment = (url: string) => ({ DATABASE_URL: url, RATE_LIMIT_FACTOR: '1000', ...SECRETS });

  it(
    'in session mode hear of each other’s revocations, and play the demo',
    { timeout: 240_000 },
    async () => {
      const url = await startPooler('session');
      const port = String(await freePort());
      const both = { ...environment(url), PUBLIC_URL: `http://localhost:${port}` };
      const [first, second] = await Promise.all([
        startBuiltServer({ ...both, PORT: port }),
        startBuiltServer(both),
      ]);
      try {
        const { browser } = await signUp({ browser: () => new Browser(first.url) });
        const there = new Browser(second.url);
        for (const [name, cookie] of browser.cookies) there.cookies.set(name, cookie);
        expect((await there.get('/auth/me')).status).toBe(200);
        await browser.post('/auth/logout');
        await until(1_000, async () => (await there.get('/auth/me')).status === 401);
        const { status, output } = await playDemo(first.url);
        expect(status, output).toBe(0);
      } finally {
        await first.stop();
        await second.stop();
      }
    },
  );

  it('in transaction mode do not start, rather than miss a revocation', { timeout: 240_000 }, async () => {
    const url = await startPooler('transaction');
    await expect(startBuiltServer(environment(url))).rejects.toThrow(
      'DATABASE_URL leads through a pooler that does not keep the connection',
    );
  });
});
