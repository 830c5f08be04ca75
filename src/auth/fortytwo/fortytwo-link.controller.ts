import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser } from '../../common/http/decorators.js';
import { NotSealable } from '../../common/http/not-sealable.decorator.js';
import type { Principal } from '../../common/http/principal.js';
import { SessionProof } from '../reauthentication/session-proof.service.js';
import { FortyTwoLinkView, FortyTwoTripBody, FortyTwoTripView } from './fortytwo-link.dto.js';
import { FortyTwoLinking } from './fortytwo-linking.service.js';
import { FORTYTWO_STRATEGY } from './fortytwo-provider.js';
import { FortyTwoError, FortyTwoUnavailable } from './fortytwo.errors.js';
import type { FortyTwoStrategy } from './fortytwo.strategy.js';
import type { SessionPurpose } from './purpose.js';

/**
 * 42 for somebody who is signed in. The round trips begin with a POST, not with a link to follow: a page of another
 * site could otherwise send the browser on one, and link the 42 account that it has signed the browser in to before.
 */
@ApiTags('sign-in')
@Controller('auth/42')
export class FortyTwoLinkController {
  constructor(
    @Inject(FORTYTWO_STRATEGY) private readonly strategy: FortyTwoStrategy | null,
    private readonly linking: FortyTwoLinking,
    private readonly proof: SessionProof,
  ) {}

  /** Whether the account is linked to 42, and whether it could be unlinked. */
  @Get('link')
  async state(@CurrentUser() user: Principal): Promise<FortyTwoLinkView> {
    const { linkedAt, ...state } = await this.linking.state(user);
    return { ...state, linkedAt: linkedAt?.toISOString() ?? null };
  }

  /**
   * Begins to link a 42 account; takes a recent proof. Comes back to `returnTo` or `/settings`, after trouble with
   * `?error=` `access_denied`, `provider_unavailable`, `provider_error`, `identity_in_use`, `already_linked` or
   * `session_ended`, and to `/sign-in?error=invalid_state` where it is unknown who had begun.
   */
  @Post('link')
  @NotSealable()
  @HttpCode(200)
  async link(
    @CurrentUser() user: Principal,
    @Body() { returnTo }: FortyTwoTripBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FortyTwoTripView> {
    await this.proof.require(user);
    return this.begin('link', user, returnTo, request, reply);
  }

  /** Begins a round trip that renews the session's proof; trouble as with `link`, or `?error=identity_mismatch`. */
  @Post('reauthenticate')
  @NotSealable()
  @HttpCode(200)
  reauthenticate(
    @CurrentUser() user: Principal,
    @Body() { returnTo }: FortyTwoTripBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FortyTwoTripView> {
    return this.begin('reauthenticate', user, returnTo, request, reply);
  }

  /** Takes a recent proof. The last way in stays: `409 last_way_in`. */
  @Delete('link')
  @HttpCode(204)
  unlink(@CurrentUser() user: Principal, @Client() client: ClientInfo): Promise<void> {
    return this.linking.unlink(user, client);
  }

  private async begin(
    kind: SessionPurpose['kind'],
    { userId, sessionId }: Principal,
    returnTo: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FortyTwoTripView> {
    if (this.strategy === null) throw new FortyTwoUnavailable();
    const browser = {
      headers: { cookie: request.headers.cookie },
      appendSetCookie: (header: string) => void reply.header('set-cookie', header),
    };
    try {
      return { location: await this.strategy.begin(browser, { kind, userId, sessionId }, returnTo) };
    } catch (error) {
      throw error instanceof FortyTwoError ? new FortyTwoUnavailable() : error;
    }
  }
}
