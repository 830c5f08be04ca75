import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
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

  it('is one process at a time, and outlives a dead one', async () => {
    const storage = await fileStorage({ path, secret });
    await expect(fileStorage({ path, secret })).rejects.toThrow('another process');
    await storage.close();
    // No process has this id: the largest that Linux gives is smaller.
    await writeFile(`${path}.lock`, String(2 ** 30));
    await (await fileStorage({ path, secret })).close();
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
