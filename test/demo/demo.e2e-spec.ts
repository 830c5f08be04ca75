import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { SECRETS } from '../support/secrets.js';
import { buildIfStale, playDemo, scratchDir, startBuiltServer, type BuiltServer } from './built-server.js';

const hasOathtool = spawnSync('oathtool', ['--version']).error === undefined;

beforeAll(() => buildIfStale(), 120_000);

describe('the demo on the embedded database', () => {
  let dataDir: string;
  let server: BuiltServer;
  beforeAll(async () => {
    dataDir = await scratchDir();
    server = await startBuiltServer({ DATA_DIR: dataDir });
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('passes', { timeout: 120_000 }, async () => {
    const { status, output } = await playDemo(server.url);
    expect(output).toContain(`The demo passed against ${server.url}`);
    expect(status).toBe(0);
  });

  it.skipIf(!hasOathtool)('passes with the codes of oathtool', { timeout: 120_000 }, async () => {
    const { status, output } = await playDemo(server.url, '--oathtool');
    expect(output).toContain('with the codes of oathtool');
    expect(status).toBe(0);
  });

  it('fails loudly, with the step and the answer, where something is wrong', async () => {
    const { status, output } = await playDemo('http://127.0.0.1:1');
    expect(status).toBe(1);
    expect(output).toContain('✗ The server is ready');
  });

  it('ends with status 0 on SIGTERM, and a second start keeps all data', { timeout: 60_000 }, async () => {
    const person = {
      username: 'keeper',
      email: 'keeper@example.org',
      password: 'lantern gravel otter mosaic',
    };
    const send = (path: string, body: object) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await send('/auth/register', person)).status).toBe(201);
    expect(await server.stop()).toBe(0);
    server = await startBuiltServer({ DATA_DIR: dataDir });
    const { email, password } = person;
    expect((await send('/auth/login', { email, password })).status).toBe(200);
  });
});

describe('the demo on PostgreSQL by DATABASE_URL', () => {
  let database: TestDatabase;
  let server: BuiltServer;
  beforeAll(async () => {
    database = await cloneDatabase({ keys: 'none' });
    server = await startBuiltServer({ DATABASE_URL: database.url, ...SECRETS });
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  it('passes', { timeout: 120_000 }, async () => {
    const { status, output } = await playDemo(server.url, ...(hasOathtool ? ['--oathtool'] : []));
    expect(output).toContain(`The demo passed against ${server.url}`);
    expect(status).toBe(0);
  });
});
