import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { isNestedDeeperThan } from './nesting.js';
import { MalformedRequest } from '../problem/common.errors.js';

/** 256 KiB: an envelope for 256 readers fits, a flood does not. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** The deepest body of ours has six levels; validation walks it recursively. */
const MAX_NESTING = 32;

/**
 * Only JSON objects are read; every other media type is 415 (so no form of another site can post here).
 * An empty body counts as none, as clients send `content-type` with it.
 */
export function readJsonObjects(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  // As bytes: text would turn what is no UTF-8 into something else, and a password into another one.
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(new MalformedRequest('The body is not UTF-8.'));
    const text = body.toString('utf8');
    if (isNestedDeeperThan(text, MAX_NESTING))
      return done(new MalformedRequest('The body is nested too deeply.'));
    void parse(request, text, (error, value: unknown) => {
      if (error) return done(new MalformedRequest('The body is not JSON.'));
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return done(new MalformedRequest('The body must be a JSON object.'));
      const fault = mayHideSomething(text) ? faultOf(value) : null;
      if (fault !== null) return done(new MalformedRequest(fault));
      done(null, value);
    });
  });
}

/** Cheap: hardly any body has the words or an escape that could spell them. */
function mayHideSomething(json: string): boolean {
  return /constructor|prototype|\\u/.test(json);
}

/**
 * What no route may meet, at any depth and also in what is opaque to us. Members that the validation pipe and the
 * transformer would leave out silently: refused, so that nobody loses what they sent. And lone surrogates: they have
 * no UTF-8, so that every reader does something else with them: PostgreSQL fails, `encodeURI` throws, hashes agree.
 * @see RFC 7493 §2.1 (I-JSON)
 */
function faultOf(value: unknown): string | null {
  if (typeof value === 'string') return isLoneSurrogateIn(value) ? LONE_SURROGATE : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'constructor' || name === 'prototype')
      return 'No member may be called constructor or prototype.';
    const fault = isLoneSurrogateIn(name) ? LONE_SURROGATE : faultOf(member);
    if (fault !== null) return fault;
  }
  return null;
}

const LONE_SURROGATE = 'The body has half a character: a surrogate that stands alone.';

function isLoneSurrogateIn(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
