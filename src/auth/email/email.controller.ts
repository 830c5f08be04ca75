import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser, Public } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { EmailVerification } from './email-verification.service.js';
import { VerifyEmailBody } from './email.dto.js';

/** Proving that an e-mail address is one's own. */
@ApiTags('e-mail')
@Controller('auth/email')
export class EmailController {
  constructor(private readonly verification: EmailVerification) {}

  /** The link in the mail leads to a page that sends its token here: opening it alone changes nothing. */
  @Post('verify')
  @Public()
  @HttpCode(204)
  verify(@Body() { token }: VerifyEmailBody, @Client() client: ClientInfo): Promise<void> {
    return this.verification.verify(token, client);
  }

  /** Another link to the account's address; nothing where it is verified already. */
  @Post('verify/resend')
  @HttpCode(202)
  resend(@CurrentUser() { userId }: Principal): Promise<void> {
    return this.verification.resend(userId);
  }
}
