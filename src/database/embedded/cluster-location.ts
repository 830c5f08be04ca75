import { createHash, randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres.errors.js';
import { findBarrier, findServerUser, isRoot, type ServerUser } from './server-user.js';

/** Where a server started by root keeps what its unprivileged user must reach, when DATA_DIR is out of that reach. */
const REACHABLE_HOME = '/var/lib/sealgate';

export interface ClusterLocation {
  dataDir: string;
  directory: string;
  /** Whom to run PostgreSQL as; undefined: as this process. */
  user: ServerUser | undefined;
  /** Where copies of binaries may go that this user can execute. */
  binariesHome: string;
}

/** Finds the cluster of a data directory, or decides where it will be. */
export async function locateCluster(path: string): Promise<ClusterLocation> {
  const dataDir = await openDataDir(path);
  const recorded = await readPointer(dataDir);
  const user = isRoot() ? await findServerUserOf(recorded ?? join(dataDir, 'postgres')) : undefined;
  const directory = recorded ?? (await placeCluster(dataDir, user));
  await refuseForeignOwner(directory);
  if (recorded !== undefined) await refuseLost(dataDir, recorded);
  await mkdir(dirname(directory), { recursive: true });
  if (user) await openToUser(dirname(directory), user);
  const binariesHome = join(user ? REACHABLE_HOME : dataDir, 'postgres-binaries');
  return { dataDir, directory, user, binariesHome };
}

/** The major version that made the cluster; undefined when there is none yet. */
export async function readClusterMajor({ directory }: ClusterLocation): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(directory, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const entries = await readdir(directory).catch(() => []);
  if (entries.length > 0)
    throw new EmbeddedPostgresError(
      'cluster_invalid',
      `${directory} is not empty and holds no PostgreSQL cluster. Move it away, or choose another DATA_DIR.`,
    );
  return undefined;
}

/** Remembers a cluster that is not in its data directory. */
export async function recordLocation({ dataDir, directory }: ClusterLocation): Promise<void> {
  if (dirname(directory) === dataDir || (await readPointer(dataDir)) === directory) return;
  const draft = `${pointerOf(dataDir)}.${randomUUID()}`;
  await writeFile(draft, `${directory}\n`, { flush: true });
  await rename(draft, pointerOf(dataDir));
}

const pointerOf = (dataDir: string): string => join(dataDir, 'postgres.location');

async function readPointer(dataDir: string): Promise<string | undefined> {
  try {
    const text = (await readFile(pointerOf(dataDir), 'utf8')).trim();
    return text === '' ? undefined : resolve(text);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function openDataDir(path: string): Promise<string> {
  try {
    // What leads to it keeps the usual permissions, so that PostgreSQL's user may pass.
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (error) {
    throw new EmbeddedPostgresError('unreachable', `DATA_DIR ${path} cannot be made or written to.`, {
      cause: error,
    });
  }
}

/** An existing cluster keeps its owner, so that a start with sudo does not lock the plain user out. */
async function findServerUserOf(directory: string): Promise<ServerUser> {
  const owner = await stat(directory).catch(() => undefined);
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : findServerUser();
}

async function placeCluster(dataDir: string, user: ServerUser | undefined): Promise<string> {
  const inside = join(dataDir, 'postgres');
  const isTaken = (await readdir(inside).catch(() => [])).length > 0;
  if (!user || isTaken) return inside;
  const barrier = await findBarrier(dataDir, user);
  if (barrier === undefined || (barrier === dataDir && (await mayOpen(dataDir)))) return inside;
  return join(REACHABLE_HOME, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
}

/** A directory that root made for Sealgate. Nobody's home, root's included, and nothing above DATA_DIR is ours to open. */
async function mayOpen(directory: string): Promise<boolean> {
  const isHome = [homedir(), userInfo().homedir].includes(directory);
  return !isHome && (await stat(directory)).uid === 0;
}

/** Lets the user through, not look around: whatever lies beside the cluster keeps its own permissions. */
async function openToUser(parent: string, user: ServerUser): Promise<void> {
  const resolved = await realpath(parent);
  let barrier = await findBarrier(resolved, user);
  if (barrier === resolved && (await mayOpen(resolved))) {
    await chmod(resolved, ((await stat(resolved)).mode & 0o7777) | 0o011);
    barrier = await findBarrier(resolved, user);
  }
  if (barrier !== undefined)
    throw new EmbeddedPostgresError(
      'unreachable',
      `PostgreSQL runs as uid ${user.uid}, which cannot pass ${barrier} on its way to ${parent}. ` +
        'Let it pass (chmod o+x), or move the data to another DATA_DIR.',
    );
}

/** The pointer is written after the cluster: a pointer alone means that a cluster was lost, not that none was made. */
async function refuseLost(dataDir: string, recorded: string): Promise<void> {
  if (await stat(join(recorded, 'PG_VERSION')).catch(() => undefined)) return;
  throw new EmbeddedPostgresError(
    'cluster_missing',
    `The database recorded in ${pointerOf(dataDir)} is gone: ${recorded}. ` +
      'Restore it (was a volume not mounted?), or delete that file to begin with an empty database.',
  );
}

async function refuseForeignOwner(directory: string): Promise<void> {
  const owner = (await stat(directory).catch(() => undefined))?.uid;
  const me = process.getuid?.();
  if (owner === undefined || me === undefined) return;
  if (me !== 0 && owner !== me)
    throw new EmbeddedPostgresError(
      'wrong_owner',
      `${directory} belongs to uid ${owner}, and Sealgate runs as uid ${me}: start it as that user or as root.`,
    );
  if (me === 0 && owner === 0 && (await readdir(directory)).length > 0)
    throw new EmbeddedPostgresError(
      'wrong_owner',
      `${directory} belongs to root, as whom PostgreSQL refuses to run: chown -R it to a plain user.`,
    );
}
