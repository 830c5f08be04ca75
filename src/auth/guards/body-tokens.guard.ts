import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { MalformedRequest } from '../../common/problem/common.errors.js';

/**
 * Who came with cookies gets cookies: otherwise a script injected into a page could turn the session's `HttpOnly`
 * cookies into a refresh token that it can read and carry away.
 */
@Injectable()
export class BodyTokensGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const asksForBody = (body as { tokens?: unknown } | undefined)?.tokens === 'body';
    if (asksForBody && headers.authorization === undefined)
      throw new MalformedRequest('"tokens": "body" goes with an Authorization header.');
    return true;
  }
}
