import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase } from '../support/database.js';
import { SECRETS } from '../support/secrets.js';
import { buildIfStale, scratchDir, startBuiltServer } from './built-server.js';

const main = resolve(import.meta.dirname, '../../dist/src/main.js');

beforeAll(() => buildIfStale(), 120_000);

async function start(
  environment: Record<string, string>,
): Promise<{ status: number | null; stderr: string }> {
  const dataDir = await scratchDir();
  const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, ...environment };
  const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8', timeout: 80_000 });
  await rm(dataDir, { recursive: true, force: true });
  return { status, stderr };
}

describe('a configuration that cannot work', () => {
  it('stops a production start with the names of what is missing', async () => {
    const { status, stderr } = await start({
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://localhost/none',
    });
    expect(status).toBe(78);
    for (const name of ['MASTER_KEY', 'JWT_REFRESH_SECRET', 'PASSWORD_PEPPER', 'PUBLIC_URL'])
      expect(stderr).toContain(name);
  });

  it('names weak secrets and never prints their values', async () => {
    const { status, stderr } = await start({
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://gate.example.org',
      DATABASE_URL: 'postgres://user:hunter2@localhost/none',
      ...SECRETS,
      MASTER_KEY: 'changeme-changeme-changeme-changeme',
      PASSWORD_PEPPER: 'tooshort',
    });
    expect(status).toBe(78);
    expect(stderr).toMatch(/MASTER_KEY is weak[\s\S]*PASSWORD_PEPPER is weak/);
    expect(stderr).not.toMatch(/changeme|tooshort|hunter2/);
    expect(stderr).not.toContain('JWT_REFRESH_SECRET');
  });

  it('asks for real secrets as soon as DATABASE_URL is set', async () => {
    const { status, stderr } = await start({ DATABASE_URL: 'postgres://localhost/none' });
    expect(status).toBe(78);
    expect(stderr).toContain('MASTER_KEY is missing');
  });

  it('names MASTER_KEY where the database was sealed under another one', { timeout: 120_000 }, async () => {
    const database = await cloneDatabase();
    const server = await startBuiltServer({ DATABASE_URL: database.url, ...SECRETS });
    await server.stop();
    const { status, stderr } = await start({
      DATABASE_URL: database.url,
      ...SECRETS,
      MASTER_KEY: 'anotherKey0123456789anotherKey0123456789',
    });
    await database.drop();
    expect(status).toBe(78);
    expect(stderr).toContain('MASTER_KEY is not the one');
    expect(stderr).not.toContain('anotherKey');
    expect(stderr).not.toContain('    at ');
  });

  it('says which port is taken, and leaves no database behind', { timeout: 120_000 }, async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { status, stderr } = await start({ PORT: String(port) });
    taken.close();
    expect(status).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken`);
  });
});
