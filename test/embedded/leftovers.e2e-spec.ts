import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { findBinaries } from '../../src/database/embedded/binaries.js';
import { buildLauncher, removeBuild, type LauncherBuild } from './support/launcher-build.js';
import {
  connect,
  copyDataDir,
  isAlive,
  query,
  readPostmaster,
  removeScratch,
  until,
} from './support/scratch.js';
import { killStarted, startProcess } from './support/server-process.js';
import { makeTemplate, password, type Template } from './support/template.js';

let build: LauncherBuild;
let template: Template;
let bystander: ChildProcess | undefined;

beforeAll(async () => {
  [build, template] = await Promise.all([buildLauncher(), makeTemplate()]);
});
afterAll(async () => {
  await removeBuild(build);
  await template.remove();
});
afterEach(async () => {
  bystander?.kill('SIGKILL');
  bystander = undefined;
  killStarted();
  await removeScratch();
});

/** A database whose server was killed, still running. */
async function leaveOrphan(): Promise<{ dataDir: string; cluster: string; pid: number; url: string }> {
  const dataDir = await copyDataDir(template.dataDir);
  const cluster = join(dataDir, 'postgres');
  const sealgate = startProcess(build, { dataDir, password });
  const ready = await sealgate.told('ready');
  process.kill(sealgate.pid, 'SIGKILL');
  await sealgate.closed;
  return { dataDir, cluster, pid: (await readPostmaster(cluster)) ?? 0, url: ready?.url ?? '' };
}

/** As an administrator may: no argument tells which cluster it is. */
async function startByHand(cluster: string): Promise<number> {
  const { uid, gid } = await stat(cluster);
  const ids = process.getuid?.() === 0 ? { uid, gid } : {};
  const clusterMajor = Number(await readFile(join(cluster, 'PG_VERSION'), 'utf8'));
  const query = { from: 'auto' as const, clusterMajor, user: undefined, copiesTo: cluster };
  const { directory } = await findBinaries(query);
  const settings = ['-c', 'unix_socket_directories=', '-p', '54329'];
  const argv = ['-D', '.', ...settings];
  const child = spawn(join(directory, 'postgres'), argv, { ...ids, cwd: cluster, stdio: 'ignore' });
  await until(async () =>
    (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).includes('ready'),
  );
  return child.pid ?? 0;
}

describe('a database that a killed server left running', () => {
  it('is attached to under its own port, and stopped by the one who attached', async () => {
    const { dataDir, pid, url } = await leaveOrphan();
    const next = await startEmbeddedPostgres({ dataDir, password });
    expect(next.url).toBe(url);
    await next.stop();
    expect(await isAlive(pid)).toBe(false);
  });

  it('is left alone by a server with other secrets, and still serves the right one', async () => {
    const { dataDir, pid } = await leaveOrphan();
    const refused = startEmbeddedPostgres({ dataDir, password: 'another' });
    await expect(refused).rejects.toMatchObject({ code: 'wrong_password' });
    expect(await isAlive(pid)).toBe(true);
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
  });

  it('is waited for while it shuts down', async () => {
    const { dataDir, cluster, pid, url } = await leaveOrphan();
    const client = await connect(url);
    // A smart shutdown lasts as long as its last client.
    process.kill(pid, 'SIGTERM');
    await until(async () => (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).includes('stopping'));
    const starting = startEmbeddedPostgres({ dataDir, password });
    await until(async () => (await stat(`${cluster}.lock/2`).catch(() => undefined)) !== undefined);
    await client.end();
    const next = await starting;
    expect(await isAlive(pid)).toBe(false);
    expect(await query(next.url, 'SELECT 1 AS answer')).toEqual([{ answer: 1 }]);
    await next.stop();
  });

  it('may also have been started by hand, from inside its directory', async () => {
    const dataDir = await copyDataDir(template.dataDir);
    const cluster = join(dataDir, 'postgres');
    const byHand = await startByHand(cluster);
    const next = await startEmbeddedPostgres({ dataDir, password });
    expect(await readPostmaster(cluster)).toBe(byHand);
    await next.stop();
    expect(await isAlive(byHand)).toBe(false);
  });

  it('is not attached to from a copy of its directory, which names it too', async () => {
    const original = await leaveOrphan();
    const dataDir = await copyDataDir(original.dataDir);
    const copy = await startEmbeddedPostgres({ dataDir, password });
    expect(copy.url).not.toBe(original.url);
    await copy.stop();
    expect(await isAlive(original.pid)).toBe(true);
  });
});

describe('a postmaster.pid without its postmaster', () => {
  const lines = (pid: number | string, cluster: string): string =>
    [pid, cluster, '1760000000', '5432', '', '127.0.0.1', '1 2', 'ready', ''].join('\n');

  /** A process of the user that the cluster belongs to: PostgreSQL takes any such for a living postmaster. */
  async function startBystander(cluster: string): Promise<number> {
    const { uid, gid } = await stat(cluster);
    const ids = process.getuid?.() === 0 ? { uid, gid } : {};
    bystander = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { cwd: '/', ...ids });
    return bystander.pid ?? 0;
  }

  it.each([
    ['whose pid is free', async () => 2 ** 22 - 1, lines],
    ['whose pid is now that of another process', startBystander, lines],
    ['that is empty since the power failed', async () => 0, () => ''],
  ])('%s is in no one’s way', async (_what, choosePid, write) => {
    const dataDir = await copyDataDir(template.dataDir);
    const cluster = join(dataDir, 'postgres');
    await writeFile(join(cluster, 'postmaster.pid'), write(await choosePid(cluster), cluster));
    const second = await startEmbeddedPostgres({ dataDir, password });
    expect(await query(second.url, 'SELECT * FROM written')).toEqual([]);
    await second.stop();
    if (bystander) expect(await isAlive(bystander.pid ?? 0)).toBe(true);
  });
});
