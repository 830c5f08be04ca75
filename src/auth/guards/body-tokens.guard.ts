import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { MalformedRequest } from '../../common/problem/common.errors.js';
import { SessionCookies } from '../session-cookies.js';

/**
 * Whoever came with cookies in a browser gets cookies: otherwise a script injected into a page could turn `HttpOnly`
 * cookies into a refresh token that it can read and carry away. Page scripts can leave out neither `Origin` nor
 * `Sec-Fetch-Site` (Fetch, "forbidden request-header"); clients that are no browsers send neither.
 */
@Injectable()
export class BodyTokensGuard implements CanActivate {
  constructor(private readonly cookies: SessionCookies) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { body, headers } = request;
    const { tokens, refreshToken } = (body ?? {}) as { tokens?: unknown; refreshToken?: unknown };
    // A header beside the refresh cookie proves nothing: the refresh route never looks at it.
    const hasCookie = headers.authorization === undefined || this.cookies.readRefresh(request) !== null;
    const cameInCookie = refreshToken === undefined && hasCookie;
    const isBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
    if (tokens === 'body' && cameInCookie && isBrowser)
      throw new MalformedRequest('"tokens": "body" is for clients without cookies.');
    return true;
  }
}
