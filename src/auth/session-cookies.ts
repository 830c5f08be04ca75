import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { CookieSerializeOptions } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSealed } from '../common/http/sealed.js';
import { CONFIG, type Config } from '../config/config.js';
import { cookieValues } from '../common/http/cookies.js';
import { cookieNames, type CookieNames } from './cookie-names.js';
import type { IssuedSession } from './sessions/issued-session.js';

/** Tokens in the body, for clients that are no browsers. */
export interface BodyTokens {
  accessToken: string;
  refreshToken?: string;
  expiresIn: number;
}

/** The paths by which a cookie reaches refresh and sign-out. */
const TOSSED_PATHS = ['/', '/auth', '/auth/', '/auth/refresh', '/auth/logout'];

/** Puts a session's tokens where the client wants them, and takes them away again. @see api.md §2 */
@Injectable()
export class SessionCookies {
  readonly names: CookieNames;
  private readonly access: CookieSerializeOptions;
  private readonly refresh: CookieSerializeOptions;
  private readonly parentDomains: readonly string[];

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) { secureCookies: secure, publicUrl }: Config,
  ) {
    this.parentDomains = parentDomains(new URL(publicUrl).hostname);
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
    const { access, refresh } = this.readAll(reply.request);
    if (access.length > 1) this.clearTossed(reply, this.names.access, this.access);
    if (refresh.length > 1) this.clearTossed(reply, this.names.refresh, this.refresh);
  }

  /**
   * A sibling domain has set one of the same name for a parent of both. Which domain and path it chose is not told, so
   * each that would reach our routes is cleared: otherwise the next sign-in would meet it again.
   */
  private clearTossed(reply: FastifyReply, name: string, options: CookieSerializeOptions): void {
    for (const domain of this.parentDomains)
      for (const path of TOSSED_PATHS) this.set(reply, name, '', { ...options, domain, path, maxAge: 0 });
  }

  readAccess(request: FastifyRequest): string | null {
    return this.readAll(request).access[0] ?? null;
  }

  readRefresh(request: FastifyRequest): string | null {
    return this.readAll(request).refresh[0] ?? null;
  }

  /** Each value as it was sent; ours are base64url and dots, nothing to decode. */
  readAll({ headers }: FastifyRequest): { access: string[]; refresh: string[] } {
    const valuesOf = (name: string): string[] =>
      cookieValues(headers.cookie, name).filter((value) => value !== '');
    return { access: valuesOf(this.names.access), refresh: valuesOf(this.names.refresh) };
  }

  private set(reply: FastifyReply, name: string, value: string, options: CookieSerializeOptions): void {
    this.host.httpAdapter.setCookie(reply, name, value, options);
  }
}

/** The host and the domains above it, for which a sibling may set cookies. Browsers ignore public suffixes. */
function parentDomains(hostname: string): string[] {
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0) return [];
  const labels = hostname.split('.');
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
}
