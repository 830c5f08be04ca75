import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIABLES } from '../../src/config/variables.js';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest: {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
} = JSON.parse(read('package.json'));

/** Every page that people read, with its path from the root. */
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].map((path) => ({ path, text: read(path) }));

const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);
const withoutCode = (text: string): string => text.replaceAll(/```[\s\S]*?```/g, '');

describe.each(pages)('$path', ({ path, text }) => {
  it('links to files that are there', () => {
    const targets = all(withoutCode(text), /\]\(([^)\s]+)\)/g).filter(
      (target) => !/^(https?:|#)/.test(target),
    );
    const broken = targets.filter(
      (target) => !existsSync(resolve(root, dirname(path), target.replace(/#.*/, ''))),
    );
    expect(broken).toEqual([]);
  });

  it('names files that are there', () => {
    const named = all(
      withoutCode(text),
      /`((?:src|test|packages|scripts|docs|prisma-free-migrations)\/[^`\s*<>]*)`/g,
    );
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  it('tells to run scripts that package.json has', () => {
    const scripts = all(text, /\bnpm run ([a-z][a-z-]*(?::[a-z]+)*)/g);
    if (/\bnpm start\b/.test(text)) scripts.push('start');
    if (/\bnpm test\b/.test(text)) scripts.push('test');
    expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  it('speaks of variables and metrics that the server knows', () => {
    const known = new Set<string>(VARIABLES);
    const variables = all(text, /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g);
    expect(variables.filter((name) => !known.has(name))).toEqual([]);
    const code = sources();
    expect(all(text, /`(sealgate_[a-z_]+)`/g).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });
});

describe('the commands of the README', () => {
  const { text } = pages[0] ?? { text: '' };
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const requests = lines.flatMap((line) => {
    const [, method, path] = /\b(?:call|curl -sS)(?: -X ([A-Z]+))? \$api(\/[^\s)|]*)/.exec(line) ?? [];
    if (path === undefined) return [];
    return [{ path, method: method?.toLowerCase() ?? (/ -d /.test(line) ? 'post' : 'get') }];
  });

  it('are there', () => {
    expect(requests.length).toBeGreaterThan(8);
    expect(requests).toContainEqual({ path: '/auth/register', method: 'post' });
    expect(requests).toContainEqual({ path: '/auth/me', method: 'get' });
  });

  it.skipIf(!existsSync(join(root, 'dist/openapi.json')))('ask for routes of the OpenAPI document', () => {
    const { paths }: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
      read('dist/openapi.json'),
    );
    expect(requests.filter(({ path, method }) => paths[path]?.[method] === undefined)).toEqual([]);
  });
});

describe('the page on dependencies', () => {
  it('has a line for each of package.json, and no other', () => {
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    const declared = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    const rows = read('docs/decisions/0001-dependencies.md').match(/^\| `.*$/gm) ?? [];
    const named = rows.flatMap((row) => all(row.split('|')[1] ?? '', /`([^`]+)`/g));
    expect(named.toSorted()).toEqual(declared.toSorted());
  });
});

describe('the image', () => {
  it('copies what is there, and starts what the build makes', () => {
    const dockerfile = read('Dockerfile');
    const copied = all(dockerfile, /^COPY (?!--from)(.+) \S+$/gm).flatMap((line) => line.split(' '));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(dockerfile).toContain('"dist/src/main.js"');
    expect(existsSync(join(root, 'src/main.ts'))).toBe(true);
    // npm refuses a lock file whose workspaces are not all there.
    for (const name of readdirSync(join(root, 'packages')))
      if (existsSync(join(root, 'packages', name, 'package.json')))
        expect(dockerfile.split(`COPY packages/${name}/package.json packages/${name}/`)).toHaveLength(3);
  });
});

function sources(): string {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join('src', name)))
    .join('\n');
}
