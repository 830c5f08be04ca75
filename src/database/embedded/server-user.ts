import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';

const run = promisify(execFile);

/** Whom PostgreSQL runs as: it refuses to run as root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** An operator's own choice first, then the user that packages of PostgreSQL create, then the one that is always there. */
const UNPRIVILEGED_USERS = ['sealgate', 'postgres', 'nobody'];

export async function findServerUser(): Promise<ServerUser> {
  for (const name of UNPRIVILEGED_USERS) {
    const ids = await Promise.all(['-u', '-g'].map(async (flag) => run('id', [flag, name]))).catch(() => []);
    const [uid, gid] = ids.map(({ stdout }) => Number(stdout));
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new EmbeddedPostgresError(
    'no_server_user',
    `PostgreSQL refuses to run as root, and none of the users ${UNPRIVILEGED_USERS.join(', ')} exists. ` +
      'Create one of them, start Sealgate as a plain user, or set DATABASE_URL.',
  );
}

/** The permission bit that counts is the first class that matches, even if a later class would allow more. */
export function canTraverse(
  directory: { uid: number; gid: number; mode: number },
  user: ServerUser,
): boolean {
  if (directory.uid === user.uid) return (directory.mode & 0o100) !== 0;
  if (directory.gid === user.gid) return (directory.mode & 0o010) !== 0;
  return (directory.mode & 0o001) !== 0;
}

/** The outermost directory on the way to `path` (itself included) that the user cannot pass; undefined when it can. */
export async function findBarrier(path: string, user: ServerUser): Promise<string | undefined> {
  const resolved = await realpath(path);
  const ways = [resolved];
  for (let at = resolved; dirname(at) !== at; at = dirname(at)) ways.unshift(dirname(at));
  for (const way of ways) if (!canTraverse(await stat(way), user)) return way;
  return undefined;
}
