import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { buildLauncher, removeBuild, type LauncherBuild } from './support/launcher-build.js';
import {
  connect,
  copyDataDir,
  familyOf,
  killAll,
  listDrafts,
  makeScratch,
  query,
  readPostmaster,
  removeScratch,
  until,
} from './support/scratch.js';
import { killStarted, startProcess } from './support/server-process.js';
import { makeTemplate, password, type Template } from './support/template.js';

let build: LauncherBuild;
let template: Template;

beforeAll(async () => {
  [build, template] = await Promise.all([buildLauncher(), makeTemplate()]);
});
afterAll(async () => {
  await removeBuild(build);
  await template.remove();
});
afterEach(async () => {
  killStarted();
  await removeScratch();
});

describe('kill -9 in the middle of concurrent writes', () => {
  it.each(['system', 'package'] as const)(
    'loses no acknowledged row (binaries: %s)',
    async (binaries) => {
      const dataDir = join(await makeScratch(), 'data');
      const options = { dataDir, password, binaries };
      const prepared = await startEmbeddedPostgres(options);
      await query(prepared.url, 'CREATE TABLE written (id text PRIMARY KEY, body text NOT NULL)');
      await prepared.stop();
      const acknowledged: string[] = [];
      for (const killAfter of [1, 150, 400, 800]) {
        const sealgate = startProcess(build, options);
        await sealgate.told('ready');
        sealgate.tell('write');
        await sealgate.told('acked', killAfter);
        const postmaster = (await readPostmaster(join(dataDir, 'postgres'))) ?? 0;
        const family = await familyOf(postmaster);
        // Eight writers have eight backends, beside the server's own processes.
        expect(family.length).toBeGreaterThan(8);
        killAll([sealgate.pid, ...family]);
        await sealgate.closed;
        for (const line of sealgate.lines) if (line.type === 'acked') acknowledged.push(line.id);
      }
      const { url, stop } = await startEmbeddedPostgres(options);
      const rows = await query<{ id: string }>(url, 'SELECT id FROM written WHERE length(body) = 1000');
      const found = new Set(rows.map(({ id }) => id));
      expect(acknowledged.length).toBeGreaterThanOrEqual(1351);
      expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
      // What lasts through a kill lies in the system's cache; through a loss of power it lasts because of these.
      const durable = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`;
      expect(await query(url, durable)).toEqual([{ fsync: 'on', commit: 'on' }]);
      await stop();
    },
    60_000,
  );

  it('loses no acknowledged row when the server alone is killed, and the next one attaches', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const sealgate = startProcess(build, { dataDir, password });
    await sealgate.told('ready');
    const postmaster = await readPostmaster(join(dataDir, 'postgres'));
    sealgate.tell('write');
    await sealgate.told('acked', 200);
    process.kill(sealgate.pid, 'SIGKILL');
    // Its streams close although the database lives on: that holds none of them.
    await sealgate.closed;
    const next = await startEmbeddedPostgres({ dataDir, password });
    expect(await readPostmaster(join(dataDir, 'postgres'))).toBe(postmaster);
    const acknowledged = sealgate.lines.flatMap((line) => (line.type === 'acked' ? [line.id] : []));
    const rows = await query<{ id: string }>(next.url, 'SELECT id FROM written');
    const found = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    await next.stop();
    expect(await readPostmaster(join(dataDir, 'postgres'))).toBeUndefined();
  });

  it('waits for a part of the killed database that does not see at once that it is orphaned', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const sealgate = startProcess(build, { dataDir, password });
    const ready = await sealgate.told('ready');
    const client = await connect(ready?.url ?? '');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const part = rows[0]?.pid ?? 0;
    process.kill(part, 'SIGSTOP');
    killAll([sealgate.pid, (await readPostmaster(join(dataDir, 'postgres'))) ?? 0]);
    await sealgate.closed;
    const starting = startEmbeddedPostgres({ dataDir, password });
    const log = join(dataDir, 'postgres.log');
    await until(async () => (await readFile(log, 'utf8')).includes('pre-existing shared memory'));
    process.kill(part, 'SIGKILL');
    const next = await starting;
    expect(await query(next.url, 'SELECT * FROM written')).toEqual([]);
    await next.stop();
  });

  it('tells the server when its database died', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const told: unknown[] = [];
    const log = (...line: unknown[]): unknown => told.push(line);
    const { stop } = await startEmbeddedPostgres({ dataDir, password, log });
    process.kill((await readPostmaster(join(dataDir, 'postgres'))) ?? 0, 'SIGKILL');
    const crash = ['the embedded database ended unexpectedly', { code: null, signal: 'SIGKILL' }];
    await expect.poll(() => told).toContainEqual(crash);
    await stop();
  });
});

describe('kill -9 in the middle of the first start', () => {
  it.each([
    ['the server and initdb', familyOf],
    ['the server alone', (pid: number) => [pid]],
  ])('of %s leaves a directory that the next start can use', async (_what, victimsOf) => {
    const dataDir = join(await makeScratch(), 'data');
    const sealgate = startProcess(build, { dataDir, password });
    const draft = await until(async () => (await listDrafts(dataDir))[0]);
    const victims = await victimsOf(sealgate.pid);
    killAll(victims);
    await sealgate.closed;
    expect(sealgate.lines).toEqual([]);
    const { url, stop } = await startEmbeddedPostgres({ dataDir, password });
    expect(await query(url, 'SELECT 1 AS answer')).toEqual([{ answer: 1 }]);
    await stop();
    if (victims.length > 1) expect(await listDrafts(dataDir)).toEqual([]);
    expect(draft).toMatch(/^postgres\.draft-/);
  });
});

describe('Ctrl-C', () => {
  it('reaches the server and not its database, which answers until the server has drained', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const sealgate = startProcess(build, { dataDir, password });
    await sealgate.told('ready');
    // The terminal sends it to every process of the group.
    process.kill(-sealgate.pid, 'SIGINT');
    expect(await sealgate.told('drained')).toMatchObject({ answer: 1 });
    await sealgate.closed;
    expect(await readPostmaster(join(dataDir, 'postgres'))).toBeUndefined();
  });
});
