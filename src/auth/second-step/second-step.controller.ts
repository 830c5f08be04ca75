import { Body, Controller, Get, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser, PendingSecondFactor } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { Unauthenticated } from '../../common/problem/common.errors.js';
import { otpauthUrl } from '../../two-fa/core/totp.js';
import { TwoFactorService, type SecondFactorProof } from '../../two-fa/two-factor.service.js';
import { AccountsService } from '../../users/accounts.service.js';
import { BodyTokensGuard } from '../guards/body-tokens.guard.js';
import { SessionCookies } from '../session-cookies.js';
import { TokenDelivery } from '../sign-in/sign-in.dto.js';
import {
  CodeBody,
  EnableBody,
  EnabledView,
  GeneratedView,
  RecoveryCodesView,
  SecondFactorBody,
  SettledView,
  TwoFactorStatusView,
} from './second-step.dto.js';
import { SecondStepService } from './second-step.service.js';

const ISSUER = 'Sealgate';

/** The second step: TOTP (RFC 6238) and recovery codes. */
@ApiTags('second step')
@UseGuards(BodyTokensGuard)
@Controller('auth/2fa')
export class SecondStepController {
  constructor(
    private readonly secondStep: SecondStepService,
    private readonly twoFactor: TwoFactorService,
    private readonly accounts: AccountsService,
    private readonly cookies: SessionCookies,
  ) {}

  @Get()
  @PendingSecondFactor()
  status(@CurrentUser() user: Principal): Promise<TwoFactorStatusView> {
    return this.twoFactor.status(user.userId);
  }

  @Post('generate')
  @PendingSecondFactor()
  @HttpCode(200)
  async generate(@CurrentUser() user: Principal): Promise<GeneratedView> {
    const account = await this.accounts.findActive(user.userId);
    if (account === null) throw new Unauthenticated();
    const secret = await this.secondStep.generate(user);
    const url = otpauthUrl(secret, ISSUER, account.email ?? account.username);
    // Loaded when somebody first needs it: most starts do not.
    const { toDataURL } = await import('qrcode');
    return { secret, otpauthUrl: url, qrCode: await toDataURL(url) };
  }

  @Post('enable')
  @PendingSecondFactor()
  @HttpCode(200)
  async enable(
    @CurrentUser() user: Principal,
    @Body() body: EnableBody,
    @Client() client: ClientInfo,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnabledView> {
    const { session, recoveryCodes } = await this.secondStep.enable(user, body.code, client);
    return { recoveryCodes, next: 'home', ...this.cookies.deliver(reply, session, body.tokens === 'body') };
  }

  @Post('skip')
  @PendingSecondFactor()
  @HttpCode(200)
  async skip(
    @CurrentUser() user: Principal,
    @Body() body: TokenDelivery,
    @Client() client: ClientInfo,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettledView> {
    const session = await this.secondStep.skip(user, client);
    if (session === null) return { next: 'home' };
    return { next: 'home', ...this.cookies.deliver(reply, session, body.tokens === 'body') };
  }

  @Post('verify')
  @PendingSecondFactor()
  @HttpCode(200)
  async verify(
    @CurrentUser() user: Principal,
    @Body() body: SecondFactorBody,
    @Client() client: ClientInfo,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettledView> {
    const session = await this.secondStep.verify(user, toProof(body), client);
    return { next: 'home', ...this.cookies.deliver(reply, session, body.tokens === 'body') };
  }

  @Post('disable')
  @HttpCode(204)
  disable(
    @CurrentUser() user: Principal,
    @Body() body: SecondFactorBody,
    @Client() client: ClientInfo,
  ): Promise<void> {
    return this.secondStep.disable(user, toProof(body), client);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  async recoveryCodes(
    @CurrentUser() user: Principal,
    @Body() body: CodeBody,
    @Client() client: ClientInfo,
  ): Promise<RecoveryCodesView> {
    return { recoveryCodes: await this.secondStep.regenerateRecoveryCodes(user, body.code, client) };
  }
}

/** Validation has seen to it that one of the two is there. */
function toProof({ code, recoveryCode }: SecondFactorBody): SecondFactorProof {
  if (recoveryCode !== undefined) return { recoveryCode };
  if (code !== undefined) return { code };
  throw new TypeError('neither code nor recoveryCode');
}
