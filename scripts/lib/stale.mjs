// Whether what is installed and built is older than what it was made from. Only node: modules: runs on a bare clone.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const stampFile = join(root, 'dist/.stamp');

const SOURCES = [
  'src',
  'prisma-free-migrations',
  'packages',
  'scripts/build.mjs',
  'scripts/lib',
  'nest-cli.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const SKIPPED = new Set(['node_modules', 'dist', 'test']);

/** True where `npm ci` has to run: never installed, or the lock file was changed since (by a pull, say). */
export function isInstallStale() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return true;
  return (
    statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs && !isSameLock(installed)
  );
}

/** npm's own record of what it installed names the same packages in the same versions. */
function isSameLock(installed) {
  const versions = (file) =>
    JSON.stringify(
      Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
        .filter(([path, { optional, link }]) => path !== '' && !optional && !link)
        .map(([path, { version, integrity }]) => [path, version, integrity]),
    );
  return versions(installed) === versions(join(root, 'package-lock.json'));
}

/** A digest over the names, sizes and times of all sources: a stat each, no reading. */
export function sourcesStamp() {
  const hash = createHash('sha256');
  for (const source of SOURCES) addTo(hash, join(root, source));
  return hash.digest('hex');
}

export function isBuildStale() {
  return !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== sourcesStamp();
}

function addTo(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) return void hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  for (const name of readdirSync(path).sort()) if (!SKIPPED.has(name)) addTo(hash, join(path, name));
}
