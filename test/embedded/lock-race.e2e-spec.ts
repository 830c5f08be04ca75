import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceLock } from '@sealgate/instance-lock';
import { afterEach, expect, it, vi } from 'vitest';
import { lockCluster } from '../../src/database/embedded/lock-cluster.js';
import { makeScratch, removeScratch } from './support/scratch.js';

/** What happens while one contender is between seeing a dead process's lock and taking it. */
const race = vi.hoisted(() => ({ meanwhile: async (): Promise<void> => undefined }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const writeFile = async (...argv: Parameters<typeof original.writeFile>): Promise<void> => {
    const { meanwhile } = race;
    race.meanwhile = async () => undefined;
    await meanwhile();
    return original.writeFile(...argv);
  };
  return { ...original, writeFile };
});

afterEach(removeScratch);

it('a contender that was slow to take a dead process’s lock does not take it from who holds it by then', async () => {
  const directory = join(await makeScratch(), 'lock');
  await mkdir(directory);
  await writeFile(join(directory, '1'), 'left by a crash');
  const held: InstanceLock[] = [];
  race.meanwhile = async () => {
    await (await lockCluster(directory)).release();
    held.push(await lockCluster(directory));
  };
  await expect(lockCluster(directory)).rejects.toMatchObject({ code: 'already_in_use' });
  await held[0]?.release();
  await (await lockCluster(directory)).release();
});
