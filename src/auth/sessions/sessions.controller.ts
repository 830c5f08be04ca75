import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser, Public } from '../../common/http/decorators.js';
import { TakesDuplicateCookies } from '../../common/http/duplicate-cookies.decorator.js';
import { IdParam } from '../../common/http/id-param.pipe.js';
import { IdPageQuery } from '../../common/http/paging.js';
import type { Principal } from '../../common/http/principal.js';
import { InvalidRefreshToken } from '../auth.errors.js';
import { bearerToken } from '../bearer.js';
import { BodyTokensGuard } from '../guards/body-tokens.guard.js';
import { SessionCookies } from '../session-cookies.js';
import { AccessTokens } from '../tokens/access-tokens.service.js';
import { deviceName } from './device-name.js';
import { RefreshService } from './refresh.service.js';
import { RefreshBody, RefreshedView, SessionPage } from './session.dto.js';
import { SessionsService } from './sessions.service.js';

/** Refresh, sign-out and the list of devices. */
@ApiTags('sessions')
@Controller('auth')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly refreshes: RefreshService,
    private readonly accessTokens: AccessTokens,
    private readonly cookies: SessionCookies,
  ) {}

  /** A failure clears no cookie: the loser of a race must not sign out the winner. */
  @Post('refresh')
  @Public()
  @UseGuards(BodyTokensGuard)
  @HttpCode(200)
  async refresh(
    @Body() body: RefreshBody,
    @Client() client: ClientInfo,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefreshedView> {
    const token = body.refreshToken ?? this.cookies.readRefresh(request);
    if (token === null) throw new InvalidRefreshToken();
    const session = await this.refreshes.rotate(token, client);
    const inBody = body.refreshToken !== undefined || body.tokens === 'body';
    return { ...this.cookies.deliver(reply, session, inBody), expiresIn: session.expiresIn };
  }

  /** Also with an expired, missing or doubled token: whoever wants to be out, is. */
  @Post('logout')
  @Public()
  @TakesDuplicateCookies()
  @HttpCode(204)
  async logout(
    @Body() body: RefreshBody,
    @Client() client: ClientInfo,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    for (const owner of await this.claimedSessions(request, body.refreshToken))
      await this.sessions.signOut(owner, client);
    this.cookies.clear(reply);
  }

  @Get('sessions')
  list(@CurrentUser() user: Principal, @Query() query: IdPageQuery): Promise<SessionPage> {
    return this.sessions.list(user.userId, query, (row) => ({
      id: row.id,
      current: row.id === user.sessionId,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      ip: row.ip,
      device: deviceName(row.userAgent),
      method: row.method,
    }));
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  revoke(
    @CurrentUser() user: Principal,
    @Param('id', IdParam) id: string,
    @Client() client: ClientInfo,
  ): Promise<void> {
    return this.sessions.revoke(user, id, client);
  }

  @Delete('sessions')
  @HttpCode(204)
  revokeOthers(@CurrentUser() user: Principal, @Client() client: ClientInfo): Promise<void> {
    return this.sessions.revokeOthers(user, client);
  }

  /** What the request's genuine tokens name, expired or not; forged ones name nothing. */
  private async claimedSessions(
    request: FastifyRequest,
    refreshToken: string | undefined,
  ): Promise<Pick<Principal, 'userId' | 'sessionId'>[]> {
    const found = this.cookies.readAll(request);
    const bearer = bearerToken(request);
    const access = bearer === null ? found.access : [bearer];
    const refresh = refreshToken === undefined ? found.refresh : [refreshToken];
    const claims = [
      ...access.map((token) => this.accessTokens.verifyIgnoringExpiry(token)),
      ...(await Promise.all(refresh.map((token) => this.refreshes.owner(token)))),
    ];
    return claims.filter((claim) => claim !== null);
  }
}
