import { spawn } from 'node:child_process';
import { chown, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres.errors.js';
import type { Binaries, PostgresVersion } from './postgres-version.js';
import { serverEnvironment } from './server-environment.js';
import type { ServerUser } from './server-user.js';
import { executable } from './system-binaries.js';

export const SUPERUSER = 'sealgate';

export interface NewCluster {
  directory: string;
  user: ServerUser | undefined;
  binaries: Binaries;
  password: string;
}

/**
 * The cluster is made under another name and renamed when it is complete: a kill in the middle leaves a draft, which
 * the next start sweeps away, and never half a cluster that looks whole.
 */
export async function createCluster({ directory, user, binaries, password }: NewCluster): Promise<void> {
  const draft = await mkdtemp(draftPrefix(directory));
  try {
    if (user) await chown(draft, user.uid, user.gid);
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user) await chown(passwordFile, user.uid, user.gid);
    await initdb(join(draft, 'cluster'), passwordFile, binaries, user);
    await rename(join(draft, 'cluster'), directory);
    await syncDirectory(dirname(directory));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Removes what a killed start left: half a cluster, and the file with its password. */
export async function sweepDrafts(directory: string): Promise<void> {
  const parent = dirname(directory);
  const drafts = (await readdir(parent)).filter((name) =>
    join(parent, name).startsWith(draftPrefix(directory)),
  );
  for (const name of drafts) {
    // An initdb that outlived its parent may still write there; what remains goes with the next start.
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

const draftPrefix = (directory: string): string => join(dirname(directory), `${basename(directory)}.draft-`);

async function initdb(
  directory: string,
  passwordFile: string,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<void> {
  let output = '';
  for (const locale of localeChoices(binaries.version)) {
    const role = ['-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    const format = ['--encoding=UTF8', '--data-checksums', '--no-instructions', ...locale];
    const child = spawn(executable(binaries.directory, 'initdb'), ['-D', directory, ...role, ...format], {
      cwd: dirname(directory),
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      ...user,
    });
    const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(String(error))));
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    const ended = await Promise.race([failed, Promise.all([closed, text(child.stderr)])]);
    if (typeof ended !== 'string' && ended[0] === 0) return;
    output = typeof ended === 'string' ? ended : ended[1].trim();
    await rm(directory, { recursive: true, force: true });
    if (!/locale/.test(output)) break;
  }
  throw new EmbeddedPostgresError('initdb_failed', `PostgreSQL could not make its data directory: ${output}`);
}

/**
 * Text sorts by code point wherever the cluster runs: the order of an index must not change with the C library. The
 * built-in provider (17 and newer) has that order with Unicode's upper and lower case; before, the system's C.UTF-8.
 */
function localeChoices({ major }: PostgresVersion): string[][] {
  const plain = ['--locale=C'];
  return major >= 17
    ? [[...plain, '--locale-provider=builtin', '--builtin-locale=C.UTF-8'], plain]
    : [['--locale=C.UTF-8', '--lc-messages=C'], plain];
}

/** Makes the rename last through a power failure; Windows cannot open a directory for that. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    if (errorCode(error) !== 'EINVAL') throw error;
  } finally {
    await directory.close();
  }
}
