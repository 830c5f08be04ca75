import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KEY_SET_MAX_AGE_SECONDS } from './core/key-life.js';

/**
 * Answers with a public key set: to be kept for `max-age`, then asked for again with `If-None-Match`, which costs a 304
 * while nothing has changed. @see RFC 9110 §13.1.2, RFC 9111 §5.2.2
 * @returns the body; undefined with a 304.
 */
export function answerKeySet<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  keySet: T,
): T | undefined {
  const etag = `"${createHash('sha256').update(JSON.stringify(keySet)).digest('base64url')}"`;
  void reply.header('cache-control', `public, max-age=${KEY_SET_MAX_AGE_SECONDS}`).header('etag', etag);
  if (!isKnown(request.headers['if-none-match'], etag)) return keySet;
  void reply.status(304);
  return undefined;
}

/** The weak comparison: a proxy that compressed the answer marks the tag with `W/`. */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}
