import { Controller, Get, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiFoundResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { Public } from '../../common/http/decorators.js';
import { NotSealable } from '../../common/http/not-sealable.decorator.js';
import { Takes } from '../../common/http/unknown-members.guard.js';
import { SessionCookies } from '../session-cookies.js';
import type { NextStep } from '../sign-in/next-step.js';
import { FortyTwoRedirectFilter } from './fortytwo-redirect.filter.js';
import { FortyTwoReturn } from './fortytwo-return.service.js';
import { FortyTwoSignInService } from './fortytwo-sign-in.service.js';
import { FortyTwoGuard, FortyTwoStep, type FortyTwoRequest } from './fortytwo.guard.js';

const PAGES: Record<NextStep, string> = { '2fa': '/2fa', 'first-login': '/first-login', home: '/home' };

/** Signing in with 42: there and back. */
@ApiTags('sign-in')
@Public()
@UseGuards(FortyTwoGuard)
@UseFilters(FortyTwoRedirectFilter)
@Controller('auth')
export class FortyTwoController {
  constructor(
    private readonly signIn: FortyTwoSignInService,
    private readonly returning: FortyTwoReturn,
    private readonly cookies: SessionCookies,
  ) {}

  /** To 42, with a state bound to this browser and PKCE S256. */
  @Get('login')
  @FortyTwoStep('start')
  @Takes('query')
  @NotSealable()
  @ApiQuery({ name: 'returnTo', required: false, description: 'A path of this site to end at.' })
  @ApiFoundResponse({ description: 'To 42.' })
  start(): void {
    throw new TypeError('the guard redirects');
  }

  /**
   * Back from 42: a pending or settled session, and the page where the sign-in goes on. Who was signed in and went
   * to link 42, or to prove who they are, goes back to the page that they came from, with the session they had.
   */
  @Get('42/callback')
  @FortyTwoStep('callback')
  @Takes('query')
  @NotSealable()
  @ApiQuery({ name: 'code', required: false })
  @ApiQuery({ name: 'state', required: false })
  @ApiQuery({ name: 'error', required: false })
  @ApiFoundResponse({ description: 'To /2fa, /first-login, /home, or /sign-in?error=…' })
  async callback(
    @Req() request: FortyTwoRequest,
    @Client() client: ClientInfo,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.fortyTwo === undefined) throw new TypeError('the guard leaves what 42 proved');
    const { purpose } = request.fortyTwo;
    if (purpose.kind !== 'sign-in') {
      await reply.redirect(await this.returning.finish(request, request.fortyTwo, purpose, client), 302);
      return;
    }
    const { session, next } = await this.signIn.finish(request.fortyTwo, client);
    this.cookies.deliver(reply, session, false);
    await reply.redirect(target(next, request.fortyTwo.returnTo), 302);
  }
}

/** The wished-for page once nothing is left to do; until then the page of the next step remembers it. */
function target(next: NextStep, returnTo: string | null): string {
  if (returnTo === null) return PAGES[next];
  return next === 'home' ? returnTo : `${PAGES[next]}?returnTo=${encodeURIComponent(returnTo)}`;
}
