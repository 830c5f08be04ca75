import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStorage } from './file-storage.js';

let folder: string;
let path: string;
const secret = 'lantern gravel otter';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealgate-storage-'));
  path = join(folder, 'ada');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the file', () => {
  it('gives back what was written, to the next process', async () => {
    const storage = await fileStorage({ path, secret });
    await storage.write([
      ['a/1', { n: 1, bytes: new Uint8Array([1, 2]) }],
      ['a/2', 'two'],
      ['b', null],
    ]);
    await storage.write([['b', undefined]]);
    await storage.close();
    const again = await fileStorage({ path, secret });
    expect(await again.entries('')).toEqual([
      ['a/1', { n: 1, bytes: new Uint8Array([1, 2]) }],
      ['a/2', 'two'],
    ]);
    expect((await again.entries('a/')).length).toBe(2);
    await again.close();
  });

  it('is readable by its owner only, and shows nothing of what is in it', async () => {
    const storage = await fileStorage({ path, secret });
    await storage.write([['marker-key', 'marker-value']]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const bytes = (await readFile(path)).toString('latin1');
    expect(bytes).not.toContain('marker');
    await storage.close();
  });

  it('refuses another secret, and a single changed bit', async () => {
    const storage = await fileStorage({ path, secret });
    await storage.write([['a', 1]]);
    await storage.close();
    await expect(fileStorage({ path, secret: 'another' })).rejects.toThrow('does not open');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(fileStorage({ path, secret })).rejects.toThrow('does not open');
    await writeFile(path, 'something else');
    await expect(fileStorage({ path, secret })).rejects.toThrow('no storage');
  });

  it('writes nothing over what another process has written that took it over', async () => {
    const storage = await fileStorage({ path, secret });
    await storage.write([['a', 1]]);
    const before = await readFile(path);
    // As by a process in another container, after this one stood still.
    await writeFile(join(`${path}.lock.d`, '99'), '');
    await expect(storage.write([['a', 2]])).rejects.toThrow('taken this storage over');
    expect(await readFile(path)).toEqual(before);
    await expect(storage.close()).rejects.toThrow('taken this storage over');
  });

  it('keeps all of many writes at once', async () => {
    const storage = await fileStorage({ path, secret });
    await Promise.all(Array.from({ length: 50 }, (_, i) => storage.write([[`k/${i}`, i]])));
    await storage.close();
    const again = await fileStorage({ path, secret });
    expect(await again.entries('k/')).toHaveLength(50);
    await again.close();
  });
});

/** The newest file of the lock: of whoever holds it, or held it last. */
async function lockFile(): Promise<string> {
  const numbers = (await readdir(`${path}.lock.d`)).map(Number);
  return join(`${path}.lock.d`, String(Math.max(...numbers)));
}

/** What a process leaves that held the storage and was killed; as this process would name itself, but for `owner`. */
async function leaveLock(owner: { pid?: number; startToken?: string; realm?: string }): Promise<string> {
  const storage = await fileStorage({ path, secret });
  const file = await lockFile();
  const own = JSON.parse(await readFile(file, 'utf8')) as object;
  await storage.close();
  await writeFile(file, JSON.stringify({ ...own, ...owner }));
  return file;
}

const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

describe('one process at a time has the file', () => {
  it('refuses a second one, and says who has it, until the first has closed', async () => {
    const storage = await fileStorage({ path, secret });
    await expect(fileStorage({ path, secret })).rejects.toThrow(
      `another process (${process.pid}) uses this storage; its lock is ${path}.lock.d`,
    );
    await storage.close();
    await (await fileStorage({ path, secret })).close();
  });

  it('is given back where the secret was wrong', async () => {
    const storage = await fileStorage({ path, secret });
    await storage.write([['a', 1]]);
    await storage.close();
    await expect(fileStorage({ path, secret: 'another' })).rejects.toThrow('does not open');
    await (await fileStorage({ path, secret })).close();
  });

  it('outlives a process that was killed', async () => {
    await leaveLock({ pid: deadPid() });
    await (await fileStorage({ path, secret })).close();
  });

  it('knows another process by the pid of this one, as every one of a container has pid 1', async () => {
    await leaveLock({ startToken: '1' });
    await (await fileStorage({ path, secret })).close();
  });

  it('goes by the pid alone where the system does not tell when processes began', async () => {
    await leaveLock({ startToken: 'unknown' });
    await expect(fileStorage({ path, secret })).rejects.toThrow('another process');
    await rm(`${path}.lock.d`, { recursive: true });
    await leaveLock({ pid: deadPid(), startToken: 'unknown' });
    await (await fileStorage({ path, secret })).close();
  });

  it('is kept from who cannot see the process, as in another container, while that one lives', async () => {
    const file = await leaveLock({ pid: deadPid(), realm: 'another container' });
    const heart = setInterval(() => void utimes(file, new Date(), new Date()), 100);
    await expect(fileStorage({ path, secret })).rejects.toThrow('another process');
    clearInterval(heart);
    await (await fileStorage({ path, secret })).close();
  });

  it('goes to exactly one of many that find a dead process’s lock', async () => {
    for (let round = 1; round <= 5; round += 1) {
      await leaveLock({ pid: deadPid() });
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => fileStorage({ path, secret })));
      const winners = all.filter((one) => one.status === 'fulfilled');
      const losers = all.filter((one) => one.status === 'rejected');
      await Promise.all(winners.map(({ value }) => value.close()));
      expect(winners).toHaveLength(1);
      expect(losers.map(({ reason }) => String(reason))).toEqual(
        Array.from({ length: 7 }, () => expect.stringContaining(`another process (${process.pid})`)),
      );
    }
  });
});
