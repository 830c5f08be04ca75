import { Inject, Injectable } from '@nestjs/common';
import type { CookieSerializeOptions } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSealed } from '../common/http/sealed.js';
import { CONFIG, type Config } from '../config/config.js';
import { cookieNames, type CookieNames } from './cookie-names.js';
import type { IssuedSession } from './sessions/issued-session.js';

/** Tokens in the body, for clients that are no browsers. */
export interface BodyTokens {
  accessToken: string;
  refreshToken?: string;
  expiresIn: number;
}

/** Puts a session's tokens where the client wants them, and takes them away again. @see api.md §2 */
@Injectable()
export class SessionCookies {
  readonly names: CookieNames;
  private readonly access: CookieSerializeOptions;
  private readonly refresh: CookieSerializeOptions;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) { secureCookies: secure }: Config,
  ) {
    this.names = cookieNames(secure);
    this.access = { httpOnly: true, secure, sameSite: 'lax', path: '/' };
    this.refresh = { httpOnly: true, secure, sameSite: 'strict', path: '/auth' };
  }

  /**
   * @param inBody the client asked for `"tokens": "body"`: then no cookie is set, as in the answer to a sealed request.
   * @returns what to add to the answer's body.
   */
  deliver(reply: FastifyReply, session: IssuedSession, inBody: boolean): BodyTokens | Record<string, never> {
    const { accessToken, refreshToken, expiresIn, refreshExpiresIn } = session;
    if (inBody || isSealed(reply.request))
      return { accessToken, expiresIn, ...(refreshToken === null ? {} : { refreshToken }) };
    this.set(reply, this.names.access, accessToken, { ...this.access, maxAge: expiresIn });
    if (refreshToken !== null)
      this.set(reply, this.names.refresh, refreshToken, { ...this.refresh, maxAge: refreshExpiresIn });
    return {};
  }

  clear(reply: FastifyReply): void {
    this.set(reply, this.names.access, '', { ...this.access, maxAge: 0 });
    this.set(reply, this.names.refresh, '', { ...this.refresh, maxAge: 0 });
  }

  readAccess(request: FastifyRequest): string | null {
    return readCookie(request, this.names.access);
  }

  readRefresh(request: FastifyRequest): string | null {
    return readCookie(request, this.names.refresh);
  }

  private set(reply: FastifyReply, name: string, value: string, options: CookieSerializeOptions): void {
    this.host.httpAdapter.setCookie(reply, name, value, options);
  }
}

/** One cookie's value as it was sent; our values are base64url and dots, nothing to decode. */
export function readCookie(request: FastifyRequest, name: string): string | null {
  const header = request.headers.cookie;
  if (header === undefined) return null;
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || null;
  }
  return null;
}
