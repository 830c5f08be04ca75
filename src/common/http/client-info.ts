import { isIP } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Where a request came from, for the device list, the security log and the limits. */
export interface ClientInfo {
  /** As `TRUSTED_PROXIES` allows to know it. */
  readonly ip: string;
  /** Cut to 512 characters; may be empty. */
  readonly userAgent: string;
}

export function clientInfo(request: FastifyRequest): ClientInfo {
  // A trusted proxy passes on what others wrote before it: any text, unless it is an address.
  const ip = isIP(request.ip) === 0 ? 'unknown' : request.ip;
  return { ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 512) };
}

/** The {@link ClientInfo} of this request. */
export const Client = createParamDecorator((_: unknown, context: ExecutionContext): ClientInfo =>
  clientInfo(context.switchToHttp().getRequest<FastifyRequest>()),
);
