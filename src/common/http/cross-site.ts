import type { FastifyRequest } from 'fastify';
import { CrossSiteRequest } from '../problem/common.errors.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses state changes that another site's page started, by Fetch Metadata and `Origin`, in the contract's order.
 * Nest's own protection asks in another order: it lets a foreign `Origin` pass when `Sec-Fetch-Site` says
 * `same-origin`, and trusts whatever `Origin` equals the `Host` header.
 * @see api.md §1
 */
export function refuseCrossSite(request: FastifyRequest, ownOrigins: ReadonlySet<string>): void {
  if (SAFE_METHODS.has(request.method)) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined && ownOrigins.has(origin)) return;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new CrossSiteRequest();
  if (origin !== undefined) throw new CrossSiteRequest();
}

/** The origins that count as this server: on a loopback URL its other spellings too. */
export function ownOrigins(publicUrl: string, allowedOrigins: readonly string[]): ReadonlySet<string> {
  const origins = new Set([new URL(publicUrl).origin, ...allowedOrigins]);
  const { protocol, hostname, port } = new URL(publicUrl);
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (protocol === 'http:' && loopback.includes(hostname))
    for (const name of loopback) origins.add(new URL(`http://${name}:${port || 80}`).origin);
  return origins;
}
