import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser, Public } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { Limited } from '../../limits/limited.decorator.js';
import { PasswordChange } from './password-change.service.js';
import { PasswordReset } from './password-reset.service.js';
import { PasswordResetRequests } from './password-reset-requests.service.js';
import { ChangePasswordBody, ForgotPasswordBody, ResetPasswordBody } from './password.dto.js';

/** A new password: by the current one, or by a link that is mailed. */
@ApiTags('password')
@Controller('auth/password')
export class PasswordChangeController {
  constructor(
    private readonly changes: PasswordChange,
    private readonly requests: PasswordResetRequests,
    private readonly resets: PasswordReset,
  ) {}

  /** Signs out all other devices. */
  @Post()
  @HttpCode(204)
  change(
    @CurrentUser() user: Principal,
    @Body() { currentPassword, newPassword }: ChangePasswordBody,
    @Client() client: ClientInfo,
  ): Promise<void> {
    return this.changes.change(user, currentPassword, newPassword, client);
  }

  /** Answers the same, and as fast, whether anybody has this address. */
  @Post('forgot')
  @Public()
  @Limited('forgot-ip')
  @HttpCode(202)
  forgot(@Body() { email }: ForgotPasswordBody, @Client() client: ClientInfo): Promise<void> {
    return this.requests.request(email, client);
  }

  /** Signs out all devices. Signing in afterwards takes the second step where it is on. */
  @Post('reset')
  @Public()
  @HttpCode(204)
  reset(@Body() { token, newPassword }: ResetPasswordBody, @Client() client: ClientInfo): Promise<void> {
    return this.resets.reset(token, newPassword, client);
  }
}
