import type { FastifyRequest } from 'fastify';
import { MalformedRequest } from '../problem/common.errors.js';
import { parseCookies } from './cookies.js';
import { takesDuplicateCookies } from './duplicate-cookies.decorator.js';

/** Headers that decide who is asking or how the body is read: twice means that two readers may disagree. */
const SINGLE = new Set([
  'authorization', 'cookie', 'content-type', 'content-length', 'host', 'origin', 'sec-fetch-site',
  'last-event-id', 'x-forwarded-host', 'idempotency-key',
]); // prettier-ignore

/**
 * Refuses duplicated headers, query names and cookies of ours (cookie tossing from a sibling domain, RFC 6265bis §8.6):
 * two readers may each take another one.
 */
export function refuseDuplicates(request: FastifyRequest, cookieNames: ReadonlySet<string>): void {
  const seen = new Set<string>();
  const raw = request.raw.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) throw new MalformedRequest(`The header ${name} stands there twice.`);
    seen.add(name);
  }
  for (const [name, value] of Object.entries(request.query ?? {}))
    if (Array.isArray(value)) throw new MalformedRequest(`The query has ${JSON.stringify(name)} twice.`);
  const { cookie } = request.headers;
  if (cookie !== undefined && !takesDuplicateCookies(request)) refuseDuplicateCookies(cookie, cookieNames);
}

function refuseDuplicateCookies(header: string, names: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const { name } of parseCookies(header)) {
    if (!names.has(name)) continue;
    if (seen.has(name)) throw new MalformedRequest(`The cookie ${name} stands there twice.`);
    seen.add(name);
  }
}
