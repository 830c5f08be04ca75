import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { buildIfStale, startBuiltServer, type BuiltServer } from '../demo/built-server.js';
import { startChat } from '../messages/support/circle.js';
import { EventReader } from '../messages/support/event-reader.js';
import { Browser } from '../support/browser.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { registerKeys, seal } from '../support/keys.js';
import { login, signUp } from '../support/people.js';
import { SECRETS } from '../support/secrets.js';
import { until } from '../support/until.js';

const root = resolve(import.meta.dirname, '../..');
const hasNginx = spawnSync('nginx', ['-v']).status === 0;

describe.skipIf(!hasNginx)('nginx with deploy/nginx.conf in front of two replicas', () => {
  let directory: string;
  let database: TestDatabase;
  let replicas: BuiltServer[];
  let nginx: ChildProcess;
  let url: string;

  beforeAll(async () => {
    buildIfStale();
    directory = await mkdtemp(join(tmpdir(), 'sealgate-nginx-'));
    await chmod(directory, 0o777);
    database = await cloneDatabase();
    const port = await freePort();
    url = `http://localhost:${port}`;
    const environment = {
      DATABASE_URL: database.url,
      PUBLIC_URL: url,
      TRUSTED_PROXIES: '1',
      RATE_LIMIT_FACTOR: '1000',
      ...SECRETS,
    };
    replicas = await Promise.all([startBuiltServer(environment), startBuiltServer(environment)]);
    const config = join(directory, 'nginx.conf');
    await writeFile(config, await configFor(port));
    const args = ['-p', directory, '-c', config, '-g', `daemon off; pid ${directory}/pid;`];
    const check = spawnSync('nginx', [...args, '-t'], { encoding: 'utf8' });
    expect(check.status, check.stderr).toBe(0);
    nginx = spawn('nginx', args, { stdio: 'ignore' });
    await until(10_000, async () => (await fetch(`${url}/readyz`).catch(() => null))?.status === 200);
  }, 240_000);
  afterAll(async () => {
    nginx.kill('SIGQUIT');
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  /** The file itself, with the places of this test. */
  async function configFor(port: number): Promise<string> {
    const text = await readFile(join(root, 'deploy/nginx.conf'), 'utf8');
    const [first, second] = replicas.map((replica) => new URL(replica.url).port);
    const placed = text
      .replace('listen 8080;', `listen 127.0.0.1:${port}; listen [::1]:${port};`)
      .replace('server sealgate-1:3000', `server 127.0.0.1:${first}`)
      .replace('server sealgate-2:3000', `server 127.0.0.1:${second}`)
      .replace('access_log /dev/stdout plain;', 'access_log off;');
    expect(placed).not.toMatch(/sealgate-[12]/);
    return placed;
  }

  const server = { browser: (headers?: Record<string, string>) => new Browser(url, headers) };

  it('lets people sign in, over both replicas in turn', async () => {
    const person = await signUp(server);
    const { browser, answer } = await login(server, person);
    expect(answer.status).toBe(200);
    for (let i = 0; i < 4; i++) expect((await browser.get('/auth/me')).status).toBe(200);
  });

  it('tells the replicas whose request it is, and believes nobody else about that', async () => {
    const person = await signUp(server, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    const { body } = await person.browser.get('/auth/sessions');
    expect(body.items[0].ip).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  it('brings events at once', async () => {
    const [first, second] = [
      await registerKeys(await signUp(server)),
      await registerKeys(await signUp(server)),
    ];
    const chatId = await startChat(first, [second]);
    const stream = await EventReader.open(second.browser);
    await stream.until(({ event }) => event === 'ready');
    const sealed = await seal(first, chatId, [first, second]);
    expect((await first.browser.post('/api/messages/send', sealed)).status).toBe(201);
    await stream.until(({ event, data }) => event === 'message' && data.id === sealed.id);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    stream.close();
  });

  it('leaves out a replica that is gone, and says 503 where none is left', async () => {
    const { browser } = await signUp(server);
    const [first, second] = replicas as [BuiltServer, BuiltServer];
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    for (let i = 0; i < 6; i++) expect((await browser.get('/auth/me')).status).toBe(200);
    second.child.kill('SIGKILL');
    await once(second.child, 'exit');
    const answer = await browser.get('/auth/me');
    expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });
});
