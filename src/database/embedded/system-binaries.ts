import { execFile } from 'node:child_process';
import { access, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { parsePostgresVersion, type Binaries } from './postgres-version.js';
import type { ServerUser } from './server-user.js';

const run = promisify(execFile);
const PROBE_MS = 10_000;
const EXECUTABLE_SUFFIX = process.platform === 'win32' ? '.exe' : '';

export const executable = (directory: string, name: string): string =>
  join(directory, `${name}${EXECUTABLE_SUFFIX}`);

/** Where installers put one directory per version: its parent, what its name begins with, and the way to its binaries. */
const INSTALLATIONS: readonly (readonly [parent: string, prefix: string, below: string])[] = [
  ['/usr/lib/postgresql', '', 'bin'], // Debian, Ubuntu
  ['/usr', 'pgsql-', 'bin'], // packages of postgresql.org for Red Hat
  ['/usr/libexec', 'postgresql', ''], // Alpine
  ['/opt/homebrew/opt', 'postgresql', 'bin'],
  ['/usr/local/opt', 'postgresql', 'bin'], // Homebrew on Intel
  ['/Library/PostgreSQL', '', 'bin'],
  ['/Applications/Postgres.app/Contents/Versions', '', 'bin'],
  [join(process.env['ProgramFiles'] ?? 'C:\\Program Files', 'PostgreSQL'), '', 'bin'],
];

export async function findSystemBinaries(user: ServerUser | undefined): Promise<Binaries[]> {
  const places = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const listed = await Promise.all([...INSTALLATIONS.map(listInstallations), askPgConfig()]);
  const resolved = await Promise.all([...places, ...listed.flat()].map(resolveServer));
  const directories = [...new Set(resolved)].filter((directory) => directory !== undefined);
  const probed = await Promise.all(directories.map(async (directory) => probeBinaries(directory, user)));
  return probed.filter((binaries) => binaries !== undefined);
}

/**
 * Runs `postgres --version` as the user that the server will have: the one test that covers permissions on the way,
 * missing libraries, and binaries of another architecture.
 */
export async function probeBinaries(
  directory: string,
  user: ServerUser | undefined,
): Promise<Binaries | undefined> {
  try {
    const { stdout } = await run(executable(directory, 'postgres'), ['--version'], {
      cwd: '/',
      timeout: PROBE_MS,
      ...user,
    });
    const version = parsePostgresVersion(stdout);
    return version && { directory, version };
  } catch {
    return undefined;
  }
}

async function listInstallations([parent, prefix, below]: (typeof INSTALLATIONS)[number]): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names.filter((name) => name.startsWith(prefix)).map((name) => join(parent, name, below));
}

async function askPgConfig(): Promise<string[]> {
  return run('pg_config', ['--bindir']).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );
}

/** The directory where `postgres` really lies (PATH often holds links to it), if `initdb` is there too. */
async function resolveServer(directory: string): Promise<string | undefined> {
  try {
    const resolved = dirname(await realpath(executable(directory, 'postgres')));
    await access(executable(resolved, 'initdb'));
    return resolved;
  } catch {
    return undefined;
  }
}
