import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export type ContentCoding = 'br' | 'gzip' | 'identity';

/** One file of the browser app, in memory: they are few and small, and nothing in a URL can name another. */
export interface WebFile {
  readonly type: string;
  readonly cacheControl: string;
  readonly bodies: ReadonlyMap<ContentCoding, Buffer>;
  /** Of the content before any coding; each coding has its own entity tag. */
  readonly digest: string;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** The build puts the content's hash into the names of these: what is under a name never changes. */
const HASHED = /^\/assets\//;

/** @returns the app's files by their URL path; none where it was not built. */
export function readWebFiles(directory: string): ReadonlyMap<string, WebFile> {
  if (!existsSync(directory)) return new Map();
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return new Map(
    names.flatMap((name) => {
      const type = TYPES[extname(name)];
      if (type === undefined) return [];
      const path = `/${name.replaceAll('\\', '/')}`;
      return [[path, readWebFile(join(directory, name), path, type)] as const];
    }),
  );
}

function readWebFile(file: string, path: string, type: string): WebFile {
  const content = readFileSync(file);
  const bodies = new Map<ContentCoding, Buffer>([['identity', content]]);
  if (existsSync(`${file}.br`)) bodies.set('br', readFileSync(`${file}.br`));
  if (existsSync(`${file}.gz`)) bodies.set('gzip', readFileSync(`${file}.gz`));
  return {
    type,
    cacheControl: HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    bodies,
    digest: createHash('sha256').update(content).digest('base64url'),
  };
}
