import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser, Public } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { AccessTokenStrategy } from '../guards/access-token.strategy.js';
import { EmailVerification } from './email-verification.service.js';
import { VerifyEmailBody } from './email.dto.js';

/** Proving that an e-mail address is one's own. */
@ApiTags('e-mail')
@Controller('auth/email')
export class EmailController {
  constructor(
    private readonly verification: EmailVerification,
    private readonly callers: AccessTokenStrategy,
  ) {}

  /**
   * The link in the mail leads to a page that sends its token here: opening it alone changes nothing. Anybody may send it; signed in to the
   * account, it also brings the role that `ADMIN_EMAILS` gives to the address.
   */
  @Post('verify')
  @Public()
  @HttpCode(204)
  async verify(
    @Body() { token }: VerifyEmailBody,
    @Client() client: ClientInfo,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.verification.verify(token, client, await this.callers.decide(request));
  }

  /** Another link to the account's address; nothing where it is verified already. */
  @Post('verify/resend')
  @HttpCode(202)
  resend(@CurrentUser() { userId }: Principal): Promise<void> {
    return this.verification.resend(userId);
  }
}
