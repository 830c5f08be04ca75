import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTokenOf } from '@sealgate/instance-lock';
import pg from 'pg';
import { findLiveServer } from '../../../src/database/embedded/postmaster.js';
import { isRoot, type ServerUser } from '../../../src/database/embedded/server-user.js';

const made: string[] = [];

/** A directory that everyone can pass, unless the test closes it. */
export async function makeScratch(owner?: ServerUser): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sealgate-embedded-'));
  made.push(directory);
  await chmod(directory, 0o755);
  if (owner) await chown(directory, owner.uid, owner.gid);
  return directory;
}

/** A copy of the data directory of a database that is stopped, which costs less than a first start. */
export async function copyDataDir(original: string): Promise<string> {
  const dataDir = join(await makeScratch(), 'data');
  execFileSync('cp', ['-a', original, dataDir]);
  return dataDir;
}

/** For `afterEach`: ends the databases that were left running on purpose, and removes everything. */
export async function removeScratch(): Promise<void> {
  for (const directory of made.splice(0)) {
    const clusters = [join(directory, 'data/postgres'), await readPointer(join(directory, 'data'))];
    for (const cluster of clusters.filter((path) => path !== undefined)) {
      const pid = await readPostmaster(cluster);
      if (pid !== undefined) killAll(await familyOf(pid));
      if (!cluster.startsWith(directory)) await removeCluster(cluster);
    }
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

export async function removeCluster(cluster: string): Promise<void> {
  for (const path of [cluster, `${cluster}.lock`])
    await rm(path, { recursive: true, force: true, maxRetries: 10 });
}

export async function readPointer(dataDir: string): Promise<string | undefined> {
  return readFile(join(dataDir, 'postgres.location'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

/** The pid in postmaster.pid, if that process is this cluster's PostgreSQL. */
export async function readPostmaster(cluster: string): Promise<number | undefined> {
  return (await findLiveServer(cluster))?.pid;
}

/** The process and all its descendants. */
export async function familyOf(pid: number): Promise<number[]> {
  const pairs = await listParents();
  const family = [pid];
  for (const member of family)
    family.push(...pairs.filter(({ parent }) => parent === member).map(({ child }) => child));
  return family;
}

async function listParents(): Promise<{ child: number; parent: number }[]> {
  if (process.platform !== 'linux') {
    const rows = runOrEmpty('ps', ['-A', '-o', 'pid=,ppid=']).trim().split('\n');
    return rows
      .map((row) => row.trim().split(/\s+/).map(Number))
      .map(([child = 0, parent = 0]) => ({ child, parent }));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return { child: Number(pid), parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) };
    }),
  );
}

export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
}

export const isAlive = async (pid: number): Promise<boolean> => (await startTokenOf(pid)) !== undefined;

/** A client that is not surprised when its database dies. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = await connect(url);
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Waits for something that only the file system or the process table tells. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await delay(2)) {
    const seen = await look();
    if (seen) return seen;
  }
  throw new Error(`never seen: ${look.toString()}`);
}

export const listDrafts = async (dataDir: string): Promise<string[]> =>
  (await readdir(dataDir).catch(() => [])).filter((name) => name.includes('.draft-'));

/** A user to be when the tests run as root. */
export function plainUser(): ServerUser | undefined {
  if (!isRoot()) return undefined;
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(runOrEmpty('id', [flag, 'nobody']).trim()));
  return uid && gid ? { uid, gid } : undefined;
}

function runOrEmpty(file: string, argv: string[]): string {
  try {
    return execFileSync(file, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
