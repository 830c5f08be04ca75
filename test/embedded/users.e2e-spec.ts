import { chmod, chown, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { isRoot } from '../../src/database/embedded/server-user.js';
import {
  buildLauncher,
  buildLauncherWithPackage,
  removeBuild,
  type LauncherBuild,
} from './support/launcher-build.js';
import {
  makeScratch,
  plainUser,
  query,
  readPointer,
  readPostmaster,
  removeCluster,
  removeScratch,
} from './support/scratch.js';
import { killStarted, startProcess } from './support/server-process.js';
import { password } from './support/template.js';

const plain = plainUser();
let build: LauncherBuild;

beforeAll(async () => {
  build = await buildLauncher();
});
afterAll(async () => removeBuild(build));
afterEach(async () => {
  killStarted();
  await removeScratch();
});

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o7777;

/** As whichever user the test is given: starts, answers, stops. */
async function startAndStop(
  dataDir: string,
  user: typeof plain,
  launcher = build,
): Promise<string | undefined> {
  const sealgate = startProcess(launcher, { dataDir, password, binaries: 'package' }, user);
  const line = await Promise.race([sealgate.told('ready'), sealgate.told('refused')]);
  if (line?.type === 'ready') {
    expect(await query(line.url, 'SELECT 1 AS answer')).toEqual([{ answer: 1 }]);
    sealgate.tell('stop');
  }
  await sealgate.closed;
  return line?.type === 'refused' ? line.code : line?.type;
}

describe.runIf(isRoot())('started by root', () => {
  it('runs PostgreSQL as a plain user, in DATA_DIR', async () => {
    const dataDir = join(await makeScratch(), 'data');
    const { stop } = await startEmbeddedPostgres({ dataDir, password });
    const cluster = join(dataDir, 'postgres');
    const pid = await readPostmaster(cluster);
    const { uid } = await stat(`/proc/${pid}`);
    expect(uid).not.toBe(0);
    expect((await stat(cluster)).uid).toBe(uid);
    expect(await modeOf(cluster)).toBe(0o700);
    await stop();
  });

  it('lets that user pass through a closed DATA_DIR, not look into it', async () => {
    const dataDir = join(await makeScratch(), 'data');
    await mkdir(dataDir, { mode: 0o700 });
    await writeFile(join(dataDir, 'secrets.json'), '', { mode: 0o600 });
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
    expect(await modeOf(dataDir)).toBe(0o711);
    expect(await modeOf(join(dataDir, 'secrets.json'))).toBe(0o600);
    expect(await readdir(dataDir)).toContain('postgres');
  });

  it('goes to a place of its own when what is above DATA_DIR is closed, and finds it again', async () => {
    const home = join(await makeScratch(), 'root');
    await mkdir(home, { mode: 0o700 });
    const dataDir = join(home, 'data');
    try {
      const first = await startEmbeddedPostgres({ dataDir, password });
      await query(first.url, 'CREATE TABLE kept ()');
      await first.stop();
      expect(await modeOf(home)).toBe(0o700);
      expect(await readPointer(dataDir)).toMatch(/^\/var\/lib\/sealgate\/[0-9a-f]{16}$/);
      const second = await startEmbeddedPostgres({ dataDir, password });
      expect(await query(second.url, 'SELECT * FROM kept')).toEqual([]);
      await second.stop();
      await rm((await readPointer(dataDir)) ?? '', { recursive: true });
      await expect(startEmbeddedPostgres({ dataDir, password })).rejects.toMatchObject({
        code: 'cluster_missing',
      });
    } finally {
      const cluster = await readPointer(dataDir);
      if (cluster !== undefined) await removeCluster(cluster);
    }
  });

  it('opens no directory that is another user’s', async () => {
    const dataDir = await makeScratch({ uid: 4242, gid: 4242 });
    await chmod(dataDir, 0o700);
    try {
      await (await startEmbeddedPostgres({ dataDir, password })).stop();
      expect(await modeOf(dataDir)).toBe(0o700);
    } finally {
      const cluster = await readPointer(dataDir);
      if (cluster !== undefined) await removeCluster(cluster);
    }
  });

  it('does not begin anew when the way to the cluster was closed later', async () => {
    const parent = await makeScratch();
    const dataDir = join(parent, 'data');
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
    await chmod(parent, 0o700);
    await expect(startEmbeddedPostgres({ dataDir, password })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(parent),
    });
  });

  it('refuses a cluster that root owns, as after a restore', async () => {
    const dataDir = join(await makeScratch(), 'data');
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
    await chown(join(dataDir, 'postgres'), 0, 0);
    await expect(startEmbeddedPostgres({ dataDir, password })).rejects.toMatchObject({ code: 'wrong_owner' });
  });
});

describe.runIf(isRoot() && plain)('started by a plain user', () => {
  it('runs PostgreSQL as that user, also when root starts it in between', async () => {
    const dataDir = join(await makeScratch(plain), 'data');
    expect(await startAndStop(dataDir, plain)).toBe('ready');
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(plain?.uid);
    // What root makes on the way must be that user's too: a new log, since the old one has grown, and the lock.
    await truncate(join(dataDir, 'postgres.log'), 11 * 1024 * 1024);
    await rm(join(dataDir, 'postgres.lock'), { recursive: true });
    expect(await startAndStop(dataDir, undefined)).toBe('ready');
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(plain?.uid);
    expect(await startAndStop(dataDir, plain)).toBe('ready');
  });

  it('is refused the cluster of another user', async () => {
    const dataDir = join(await makeScratch(), 'data');
    await (await startEmbeddedPostgres({ dataDir, password, binaries: 'package' })).stop();
    await chown(dataDir, plain?.uid ?? 0, plain?.gid ?? 0);
    expect(await startAndStop(dataDir, plain)).toBe('wrong_owner');
  });

  it('is refused a DATA_DIR that it cannot make, or not write to', async () => {
    const closed = await makeScratch();
    expect(await startAndStop(join(closed, 'data'), plain)).toBe('unreachable');
    expect(await startAndStop(closed, plain)).toBe('unreachable');
  });
});

describe('the binaries of the package', () => {
  it('get the links that npm did not make', async () => {
    const directory = await makeScratch();
    const app = await buildLauncherWithPackage(directory);
    const before = await readdir(join(app.ownPackage, 'native/lib'));
    expect(await startAndStop(join(directory, 'data'), undefined, app)).toBe('ready');
    const after = await readdir(join(app.ownPackage, 'native/lib'));
    expect(after.length).toBeGreaterThan(before.length);
  });

  it.runIf(plain)('are copied when the user can neither link in node_modules nor do without', async () => {
    const directory = await makeScratch(plain);
    const app = await buildLauncherWithPackage(directory);
    expect(await startAndStop(join(directory, 'data'), plain, app)).toBe('ready');
    const copies = await readdir(join(directory, 'data/postgres-binaries'));
    expect(copies).toHaveLength(1);
    expect(await startAndStop(join(directory, 'data'), plain, app)).toBe('ready');
  });

  it.runIf(isRoot())('are copied when node_modules is where only root can go', async () => {
    const directory = await makeScratch();
    const app = await buildLauncherWithPackage(directory);
    const version = `0.0.0-test.${process.pid}`;
    const manifest = join(app.ownPackage, 'package.json');
    const content = JSON.parse(await readFile(manifest, 'utf8')) as object;
    await writeFile(manifest, JSON.stringify({ ...content, version }));
    await chmod(join(app.launcher, '..'), 0o700);
    const home = '/var/lib/sealgate/postgres-binaries';
    try {
      expect(await startAndStop(join(directory, 'data'), undefined, app)).toBe('ready');
      const copies = (await readdir(home)).filter((name) => name.includes(version));
      expect(copies).toEqual([`${process.platform}-${process.arch}-${version}`]);
    } finally {
      const copies = (await readdir(home)).filter((name) => name.includes(version));
      for (const name of copies) await rm(join(home, name), { recursive: true });
    }
  });
});
