import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { lockCluster } from '../../src/database/embedded/lock-cluster.js';
import { buildLauncher, removeBuild, type LauncherBuild } from './support/launcher-build.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { killStarted, startProcess } from './support/server-process.js';
import { password } from './support/template.js';

let build: LauncherBuild;

beforeAll(async () => {
  build = await buildLauncher();
});
afterAll(async () => removeBuild(build));
afterEach(async () => {
  killStarted();
  await removeScratch();
});

describe('two servers on one data directory', () => {
  it('one wins and the others learn its pid, on the first start and after the winner was killed', async () => {
    const dataDir = join(await makeScratch(), 'data');
    for (const _round of ['first start', 'winner killed', 'winner killed again']) {
      const racers = [1, 2, 3, 4].map(() => startProcess(build, { dataDir, password }));
      const ended = await Promise.all(
        racers.map(async (racer) => Promise.race([racer.told('ready'), racer.told('refused')])),
      );
      const winners = racers.filter((_racer, index) => ended[index]?.type === 'ready');
      expect(winners).toHaveLength(1);
      const refusal = {
        code: 'already_in_use',
        message: expect.stringContaining(`process ${winners[0]?.pid} `),
      };
      const losers = ended.filter((line) => line?.type !== 'ready');
      expect(losers).toEqual([1, 2, 3].map(() => ({ type: 'refused', ...refusal })));
      killStarted();
      await winners[0]?.closed;
    }
  });

  it('the second is refused within one process too, until the first has stopped', async () => {
    const dataDir = join(await makeScratch(), 'data');
    const first = await startEmbeddedPostgres({ dataDir, password });
    await expect(startEmbeddedPostgres({ dataDir, password })).rejects.toMatchObject({
      code: 'already_in_use',
      message: expect.stringContaining(`process ${process.pid} `),
    });
    await first.stop();
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
  });

  it('a start that fails does not keep the data directory', async () => {
    const dataDir = join(await makeScratch(), 'data');
    const settings = { shared_buffers: 'plenty' };
    await expect(startEmbeddedPostgres({ dataDir, password, settings })).rejects.toThrow('plenty');
    await (await startEmbeddedPostgres({ dataDir, password })).stop();
  });
});

describe('the instance lock', () => {
  it('is held by at most one, however many take and release it', async () => {
    const directory = join(await makeScratch(), 'lock');
    let holders = 0;
    let most = 0;
    let times = 0;
    const contend = async (): Promise<void> => {
      while (times < 400) {
        const lock = await lockCluster(directory).catch(() => undefined);
        if (!lock) continue;
        most = Math.max(most, (holders += 1));
        times += 1;
        await new Promise(setImmediate);
        holders -= 1;
        await lock.release();
      }
    };
    await Promise.all(Array.from({ length: 8 }, contend));
    expect(most).toBe(1);
  });

  it('is not taken for held by a process that has the pid of the one that held it', async () => {
    const directory = join(await makeScratch(), 'lock');
    const lock = await lockCluster(directory);
    const owner = JSON.parse(await readFile(join(directory, '1'), 'utf8')) as object;
    await lock.release();
    await writeFile(join(directory, '1'), JSON.stringify({ ...owner, startToken: '1' }));
    await (await lockCluster(directory)).release();
  });

  it.each(['', '{"pid":', 'null'])('is free when the power failed and left %j of it', async (content) => {
    const directory = join(await makeScratch(), 'lock');
    await mkdir(directory);
    await writeFile(join(directory, '7'), content);
    await (await lockCluster(directory)).release();
  });

  it('is held by a process out of sight, as of another container, as long as its heart beats', async () => {
    const directory = join(await makeScratch(), 'lock');
    await mkdir(directory);
    const file = join(directory, '3');
    await writeFile(file, JSON.stringify({ pid: 1, startToken: '1', realm: 'another container' }));
    const heart = setInterval(() => void utimes(file, new Date(), new Date()), 100);
    await expect(lockCluster(directory)).rejects.toMatchObject({ code: 'already_in_use' });
    clearInterval(heart);
    await (await lockCluster(directory)).release();
  });

  it('beats', async () => {
    const directory = join(await makeScratch(), 'lock');
    const lock = await lockCluster(directory);
    const before = (await stat(join(directory, '1'))).mtimeMs;
    await expect
      .poll(async () => (await stat(join(directory, '1'))).mtimeMs, { timeout: 3_000 })
      .toBeGreaterThan(before);
    await lock.release();
  });
});
