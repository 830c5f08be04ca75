import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { Public } from '../../common/http/decorators.js';
import { Limited } from '../../limits/limited.decorator.js';
import { SessionCookies } from '../session-cookies.js';
import { toAccountView } from './account-view.js';
import { PasswordSignInService } from './password-sign-in.service.js';
import { LoginBody, RegisterBody, SignedInView } from './sign-in.dto.js';

/** Registering and signing in with e-mail and password. */
@ApiTags('sign-in')
@Public()
@Controller('auth')
export class PasswordController {
  constructor(
    private readonly passwords: PasswordSignInService,
    private readonly cookies: SessionCookies,
  ) {}

  @Post('register')
  @Limited('register-ip')
  async register(
    @Body() body: RegisterBody,
    @Client() client: ClientInfo,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInView> {
    const { user, session, next } = await this.passwords.register(body, client);
    const tokens = this.cookies.deliver(reply, session, body.tokens === 'body');
    return { user: toAccountView(user), next, ...tokens };
  }

  @Post('login')
  @HttpCode(200)
  async login(
    @Body() body: LoginBody,
    @Client() client: ClientInfo,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInView> {
    const { user, session, next } = await this.passwords.login(body.email, body.password, client);
    const tokens = this.cookies.deliver(reply, session, body.tokens === 'body');
    return { user: toAccountView(user), next, ...tokens };
  }
}
