import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSealed } from '../common/http/sealed.js';
import { chooseCoding } from './content-coding.js';
import { readWebFiles, type WebFile } from './web-files.js';

/** Beside the compiled server, where the build puts it. */
const DIRECTORY = fileURLToPath(new URL('../../web', import.meta.url));

/** What belongs to the HTTP interface or to the build, and is no page whatever comes after it. */
const NO_PAGES = new Set(['api', 'auth', '.well-known', 'healthz', 'readyz', 'metrics', 'assets']);

/**
 * Serves the browser app to whoever asks for something that is no route: its files by name, and its one page for every
 * other address that a person opens. There are no routes for it, so that none of them can hide one of the server's.
 *
 * @param directory what the build made; where it is not there, nothing is served.
 */
export function serveWebApp(fastify: FastifyInstance, directory: string = DIRECTORY): void {
  const files = readWebFiles(directory);
  if (files.size === 0) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    const file = request.is404 && !isSealed(request) ? find(files, request) : undefined;
    if (file === undefined) return done();
    send(reply, request, file);
  });
}

function find(files: ReadonlyMap<string, WebFile>, request: FastifyRequest): WebFile | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const [path = '/'] = request.url.split('?');
  const [, first = ''] = path.split('/');
  const isWanted = path === '/' || (request.headers.accept ?? '').includes('text/html');
  const isPage = isWanted && !NO_PAGES.has(first);
  return files.get(path) ?? (isPage ? files.get('/index.html') : undefined);
}

function send(reply: FastifyReply, { method, headers }: FastifyRequest, file: WebFile): void {
  const coding = chooseCoding(headers['accept-encoding'], (name) => file.bodies.has(name));
  const etag = `"${file.digest}.${coding}"`;
  void reply
    .header('cache-control', file.cacheControl)
    .header('vary', 'accept-encoding')
    .header('etag', etag);
  if (isKnown(headers['if-none-match'], etag)) return void reply.status(304).send();
  const body = file.bodies.get(coding) ?? Buffer.alloc(0);
  if (coding !== 'identity') void reply.header('content-encoding', coding);
  void reply.type(file.type).header('content-length', body.length);
  void reply.send(method === 'HEAD' ? undefined : body);
}

/** @see RFC 9110 §13.1.2, the weak comparison. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
