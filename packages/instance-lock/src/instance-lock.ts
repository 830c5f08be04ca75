import { randomUUID } from 'node:crypto';
import {
  lchown,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './error-code.js';
import { LockHeldError } from './lock-held.error.js';
import { answersSignal, startTokenOf, UNTOLD } from './os-process.js';

const HEARTBEAT_MS = 1_000;
const SILENCE_MS = 4_000;

interface Owner {
  pid: number;
  startToken: string;
  /** Where the pid means something: another container or host has pids of its own. */
  realm: string;
}

export interface InstanceLock {
  /** False once another process has taken it over, as it may from one that stood still for longer than 4 s. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** Whom the lock's directory is given to. */
export interface LockUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Lets one process have something. The lock is the file with the highest number in a directory; who finds its owner
 * dead takes the next number. Numbers are created complete (`link`) and never reused, and the highest is never
 * deleted: so two that find the same dead owner cannot both win, and a slow one cannot remove the winner's lock, as
 * happens to lock files that are deleted and made again. The directory stays when the lock is released.
 *
 * @param path of the directory, which is made where it is not there; what it stands in has to be there
 * @throws LockHeldError where a process holds it; one out of sight (of another container or host that shares the
 *   directory, or of the time before the machine started again) is watched for up to 4 s
 */
export async function acquireInstanceLock(path: string, user?: LockUser): Promise<InstanceLock> {
  const directory = resolve(path);
  await mkdir(directory, { mode: 0o755 }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
  // So that a start with sudo does not lock the plain user out whom the locked thing belongs to.
  if (user) await lchown(directory, user.uid, user.gid);
  for (;;) {
    const newest = Math.max(0, ...(await listGenerations(directory)));
    const file = join(directory, String(newest));
    const owner = newest === 0 ? undefined : await readOwner(file);
    if (owner && (await isAlive(owner, file))) throw new LockHeldError(owner.pid, directory);
    const taken = await takeGeneration(directory, newest + 1);
    if (taken) return keep(directory, newest + 1);
  }
}

async function takeGeneration(directory: string, generation: number): Promise<boolean> {
  const draft = join(directory, `draft-${randomUUID()}`);
  const file = join(directory, String(generation));
  const owner: Owner = {
    pid: process.pid,
    startToken: (await startTokenOf(process.pid)) ?? UNTOLD,
    realm: await readRealm(),
  };
  await writeFile(draft, JSON.stringify(owner), { mode: 0o644 });
  try {
    await link(draft, file);
  } catch (error) {
    // ENOENT: who won in the meantime swept the draft away.
    if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOENT') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const isNewest = Math.max(...(await listGenerations(directory))) === generation;
  if (!isNewest) await rm(file, { force: true });
  return isNewest;
}

async function keep(directory: string, generation: number): Promise<InstanceLock> {
  const file = join(directory, String(generation));
  const isRemains = (name: string): boolean => name.startsWith('draft-') || Number(name) < generation;
  const remains = (await readdir(directory)).filter(isRemains);
  await Promise.all(remains.map(async (name) => rm(join(directory, name), { force: true })));
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => clearInterval(heartbeat));
  }, HEARTBEAT_MS).unref();
  return {
    isHeld: async () => Math.max(0, ...(await listGenerations(directory))) === generation,
    async release() {
      clearInterval(heartbeat);
      // Emptied, not deleted: the number must stay taken.
      await truncate(file).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
      });
    },
  };
}

async function listGenerations(directory: string): Promise<number[]> {
  return (await readdir(directory)).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Undefined when it was released, was overtaken in this moment, or lost its content with the machine's power. */
async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isAlive(owner: Owner, file: string): Promise<boolean> {
  if (owner.realm === (await readRealm())) {
    if (owner.startToken === UNTOLD) return answersSignal(owner.pid);
    const token = await startTokenOf(owner.pid);
    return token === owner.startToken || token === UNTOLD;
  }
  // Its pid is out of sight, so its heartbeat must tell. Change counts, not age: clocks differ.
  const readBeat = async (): Promise<number> => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
  const first = await readBeat();
  for (let waitedMs = 0; waitedMs < SILENCE_MS; waitedMs += HEARTBEAT_MS / 4) {
    await delay(HEARTBEAT_MS / 4);
    if ((await readBeat()) !== first) return true;
  }
  return false;
}

async function readRealm(): Promise<string> {
  const parts = [
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim()),
    readlink('/proc/self/ns/pid'),
  ];
  return Promise.all(parts).then((found) => found.join(' '), hostname);
}
