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
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (isNestedDeeperThan(String(body), MAX_NESTING))
      return done(new MalformedRequest('The body is nested too deeply.'));
    void parse(request, String(body), (error, value: unknown) => {
      if (error) return done(new MalformedRequest('The body is not JSON.'));
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return done(new MalformedRequest('The body must be a JSON object.'));
      if (mayNameInternals(String(body)) && namesInternals(value))
        return done(new MalformedRequest('No member may be called constructor or prototype.'));
      done(null, value);
    });
  });
}

/** Cheap: hardly any body has the words or an escape that could spell them. */
function mayNameInternals(json: string): boolean {
  return /constructor|prototype|\\u/.test(json);
}

/**
 * The validation pipe and the transformer leave such members out, at any depth and silently, also of what is opaque
 * to us: refused, so that nobody loses what they sent.
 */
function namesInternals(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) => name === 'constructor' || name === 'prototype' || namesInternals(member),
  );
}
