import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, PendingSecondFactor } from '../../common/http/decorators.js';
import { asJsonText } from '../../common/http/json-reply.js';
import type { Principal } from '../../common/http/principal.js';
import { Unauthenticated } from '../../common/problem/common.errors.js';
import { ActiveAccounts, type ActiveAccount } from '../../users/active-accounts.service.js';
import { toAccountView } from './account-view.js';
import { MeView } from './sign-in.dto.js';
import { SignInService } from './sign-in.service.js';

/** Who am I, and what is left to do. */
@ApiTags('sign-in')
@Controller('auth')
export class MeController {
  /** Answers by what they were made of: the same token and account, as two objects that never change, say the same. */
  private readonly answers = new WeakMap<
    Principal,
    { readonly account: ActiveAccount; readonly text: string }
  >();

  constructor(
    private readonly accounts: ActiveAccounts,
    private readonly signIn: SignInService,
  ) {}

  @Get('me')
  @PendingSecondFactor()
  @ApiOkResponse({ type: MeView })
  me(
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | Promise<string> {
    const account = this.accounts.find(principal.userId);
    return account instanceof Promise
      ? account.then((found) => this.answer(principal, found, reply))
      : this.answer(principal, account, reply);
  }

  private answer(
    principal: Principal,
    account: ActiveAccount | null,
    reply: FastifyReply,
  ): string | Promise<string> {
    if (account === null) throw new Unauthenticated();
    if (!principal.tfa) return this.unsettled(principal, account, reply);
    asJsonText(reply);
    const known = this.answers.get(principal);
    if (known?.account === account) return known.text;
    const text = JSON.stringify(viewOf(principal, account, 'home'));
    this.answers.set(principal, { account, text });
    return text;
  }

  /** What is left to do is asked of the database each time: other devices of the same person settle it too. */
  private async unsettled(
    principal: Principal,
    account: ActiveAccount,
    reply: FastifyReply,
  ): Promise<string> {
    const next = await this.signIn.nextStep(account);
    asJsonText(reply);
    return JSON.stringify(viewOf(principal, account, next));
  }
}

function viewOf(
  { sessionId: id, tfa, amr }: Principal,
  account: ActiveAccount,
  next: MeView['next'],
): MeView {
  return { user: toAccountView(account), session: { id, tfa, amr: [...amr] }, next };
}
