import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** Requests that stood inside a sealed one, with the id of the request that carried them. */
const carried = new WeakMap<IncomingMessage, string>();
/** Requests that carried another one. */
const carriers = new WeakSet<IncomingMessage>();

/** Before a request that stood inside a sealed one is routed. */
export function markCarried(inner: IncomingMessage, carrier: FastifyRequest): void {
  carried.set(inner, carrier.id);
  carriers.add(carrier.raw);
}

/** One id for the carrier and what it carried. */
export function carrierIdOf(raw: IncomingMessage): string | undefined {
  return carried.get(raw);
}

/** The request came sealed: it has neither cookies nor a browser, and its answer goes back sealed. */
export function isSealed(request: FastifyRequest): boolean {
  return carried.has(request.raw);
}

/** What this request carried has been dispatched, and is logged and counted by itself. */
export function isCarrier(request: FastifyRequest): boolean {
  return carriers.has(request.raw);
}
