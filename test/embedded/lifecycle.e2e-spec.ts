import { chmod, chown, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { findSystemBinaries } from '../../src/database/embedded/system-binaries.js';
import {
  copyDataDir,
  isAlive,
  makeScratch,
  query,
  readPostmaster,
  removeScratch,
} from './support/scratch.js';
import { makeTemplate, password, type Template } from './support/template.js';

const isSystemHere = (await findSystemBinaries(undefined)).length > 0;

let template: Template;

beforeAll(async () => {
  template = await makeTemplate();
});
afterAll(async () => template.remove());
afterEach(removeScratch);

describe.each([
  { binaries: 'system' as const, isHere: isSystemHere },
  { binaries: 'package' as const, isHere: true },
])('the embedded database from binaries of the $binaries', ({ binaries, isHere }) => {
  it.runIf(isHere)(
    'keeps its data from one start to the next, in a path with spaces and umlauts',
    async () => {
      const dataDir = join(await makeScratch(), 'dätä dir', '.sealgate');
      const first = await startEmbeddedPostgres({ dataDir, password, binaries });
      expect(await readdir(dataDir)).toContain('postgres');
      await query(first.url, `CREATE TABLE kept AS SELECT 'Größe' AS word`);
      await first.stop();
      const second = await startEmbeddedPostgres({ dataDir, password, binaries });
      expect(await query(second.url, 'SELECT word FROM kept')).toEqual([{ word: 'Größe' }]);
      expect(second.version).toMatch(/^\d+\.\d+$/);
      await second.stop();
    },
  );

  it.runIf(isHere)(
    'writes through to the disk, with checksums, in UTF-8 and the order of code points',
    async () => {
      const dataDir = join(await makeScratch(), 'data');
      const { url, stop } = await startEmbeddedPostgres({ dataDir, password, binaries });
      const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'server_encoding'];
      const rows = await query<{ name: string; setting: string }>(
        url,
        `SELECT name, setting FROM pg_settings WHERE name IN ('${names.join("','")}')`,
      );
      const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
      const on = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', data_checksums: 'on' };
      expect(settings).toEqual({ ...on, server_encoding: 'UTF8' });
      const words = `SELECT lower('ÄÖ') AS lower, 'Z' < 'a' AS ordered`;
      expect(await query(url, words)).toEqual([{ lower: 'äö', ordered: true }]);
      await stop();
    },
  );
});

describe('the embedded database', () => {
  it('listens on the loopback address alone, and to the password alone', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const { url, stop } = await startEmbeddedPostgres({ dataDir, password });
    const sql = `SELECT current_setting('listen_addresses') AS tcp, current_setting('unix_socket_directories') AS unix,
      (SELECT count(*)::int FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256') AS loose`;
    expect(await query(url, sql)).toEqual([{ tcp: '127.0.0.1', unix: '', loose: 0 }]);
    const guess = new URL(url);
    guess.password = 'guess';
    await expect(query(guess.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await stop();
  });

  it('starts again within 300 ms', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    let fastest = Infinity;
    // The best of some: what the launcher costs, not what else the machine does meanwhile.
    for (let round = 0; round < 10 && fastest >= 300; round += 1) {
      const from = performance.now();
      const { stop } = await startEmbeddedPostgres({ dataDir, password });
      fastest = Math.min(fastest, performance.now() - from);
      await stop();
    }
    expect(fastest).toBeLessThan(300);
  });

  it('takes settings that go over its own, but no other address', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const settings = { fsync: 'off', work_mem: '5MB', listen_addresses: '*' };
    const { url, stop } = await startEmbeddedPostgres({ dataDir, password, settings });
    const sql = `SELECT current_setting('fsync') AS fsync, current_setting('work_mem') AS memory,
      current_setting('listen_addresses') AS tcp, current_setting('max_connections') AS connections`;
    const expected = { fsync: 'off', memory: '5MB', tcp: '127.0.0.1', connections: '100' };
    expect(await query(url, sql)).toEqual([expected]);
    await stop();
  });

  it('is gone, with its open connections, when it was stopped; stopping twice is once', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const { url, stop } = await startEmbeddedPostgres({ dataDir, password });
    const pid = (await readPostmaster(join(dataDir, 'postgres'))) ?? 0;
    expect(await isAlive(pid)).toBe(true);
    const idle = new pg.Client(url);
    const cut = new Promise((resolve) => idle.on('error', resolve));
    await idle.connect();
    await Promise.all([stop(), stop()]);
    await cut;
    expect(await isAlive(pid)).toBe(false);
    await expect(stat(join(dataDir, 'postgres/postmaster.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.runIf(process.platform === 'linux')(
    'does not learn the secrets in the environment of its parent',
    async () => {
      process.env['SEALGATE_TEST_SECRET'] = 'do-not-tell';
      process.env['PGOPTIONS'] = '-c work_mem=5MB';
      const dataDir = await copyDataDir(template.dataDir);
      try {
        const { stop } = await startEmbeddedPostgres({ dataDir, password });
        const pid = await readPostmaster(join(dataDir, 'postgres'));
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
        expect(environment).toContain('PATH=');
        expect(environment).not.toMatch(/do-not-tell|PGOPTIONS/);
        await stop();
      } finally {
        delete process.env['SEALGATE_TEST_SECRET'];
        delete process.env['PGOPTIONS'];
      }
    },
  );

  it('sets its log aside when that has grown, once', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    await truncate(join(dataDir, 'postgres.log'), 11 * 1024 * 1024);
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
    expect((await stat(join(dataDir, 'postgres.log.1'))).size).toBe(11 * 1024 * 1024);
    expect((await stat(join(dataDir, 'postgres.log'))).size).toBeLessThan(10_000);
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
    expect((await stat(join(dataDir, 'postgres.log.1'))).size).toBe(11 * 1024 * 1024);
  });

  it('keeps what people entered out of its log', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const { url, stop } = await startEmbeddedPostgres({ dataDir, password });
    const twice = `CREATE TABLE people (mail text UNIQUE); INSERT INTO people VALUES ('a@example.org'), ('a@example.org')`;
    await expect(query(url, twice)).rejects.toMatchObject({ code: '23505' });
    await stop();
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('people_mail_key');
    expect(log).not.toContain('a@example.org');
  });
});

describe('an embedded database that cannot start', () => {
  it('says that the secrets were lost, and stops what it started', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const refused = startEmbeddedPostgres({ dataDir, password: 'another' });
    await expect(refused).rejects.toMatchObject({ code: 'wrong_password' });
    expect(await readPostmaster(join(dataDir, 'postgres'))).toBeUndefined();
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
  });

  it.each([
    ['of a major version that is not here', 'auto' as const, '11\n'],
    ['when only others may be used', 'package' as const, '15\n'],
  ])('says which version to install for a cluster %s', async (_why, binaries, version) => {
    const dataDir = await copyDataDir(template.dataDir);
    await writeFile(join(dataDir, 'postgres/PG_VERSION'), version);
    await expect(startEmbeddedPostgres({ dataDir, password, binaries })).rejects.toMatchObject({
      code: 'version_mismatch',
      message: expect.stringContaining(`Install PostgreSQL ${version.trim()}`),
    });
  });

  it.runIf(isSystemHere)(
    'runs the version that made the cluster, although a newer or older one is preferred',
    async () => {
      const dataDir = join(await makeScratch(), 'data');
      const { version, stop } = await startEmbeddedPostgres({ dataDir, password, binaries: 'package' });
      await stop();
      const again = await startEmbeddedPostgres({ dataDir, password, binaries: 'auto' });
      expect(again.version.split('.')[0]).toBe(version.split('.')[0]);
      await again.stop();
    },
  );

  it('quotes the end of its log, and no secret', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const settings = { shared_buffers: 'plenty' };
    const refused = startEmbeddedPostgres({ dataDir, password, settings });
    await expect(refused).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringMatching(/invalid value for parameter "shared_buffers": "plenty"/),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining(password) });
  });

  it('leaves a directory alone that holds something else', async () => {
    const dataDir = await makeScratch();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres/notes'), '');
    await chmod(join(dataDir, 'postgres'), 0o700);
    const { uid, gid } = await stat(join(template.dataDir, 'postgres'));
    await chown(join(dataDir, 'postgres'), uid, gid);
    await expect(startEmbeddedPostgres({ dataDir, password })).rejects.toMatchObject({
      code: 'cluster_invalid',
    });
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['notes']);
  });

  it('says that DATA_DIR is no directory', async () => {
    const dataDir = join(await makeScratch(), 'file');
    await writeFile(dataDir, '');
    await expect(startEmbeddedPostgres({ dataDir, password })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('makes the database again that a killed first start did not get to', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const { url, stop } = await startEmbeddedPostgres({ dataDir, password });
    const other = new URL(url);
    other.pathname = '/postgres';
    await query(other.href, 'DROP DATABASE sealgate');
    await stop();
    const again = await startEmbeddedPostgres({ dataDir, password });
    expect(await query(again.url, 'SELECT current_database() AS name')).toEqual([{ name: 'sealgate' }]);
    await again.stop();
  });
});
