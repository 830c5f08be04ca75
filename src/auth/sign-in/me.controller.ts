import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, PendingSecondFactor } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { Unauthenticated } from '../../common/problem/common.errors.js';
import { ActiveAccounts } from '../../users/active-accounts.service.js';
import { toAccountView } from './account-view.js';
import { MeView } from './sign-in.dto.js';
import { SignInService } from './sign-in.service.js';

/** Who am I, and what is left to do. */
@ApiTags('sign-in')
@Controller('auth')
export class MeController {
  constructor(
    private readonly accounts: ActiveAccounts,
    private readonly signIn: SignInService,
  ) {}

  @Get('me')
  @PendingSecondFactor()
  async me(@CurrentUser() principal: Principal): Promise<MeView> {
    const user = await this.accounts.find(principal.userId);
    if (user === null) throw new Unauthenticated();
    const { sessionId: id, tfa, amr } = principal;
    return {
      user: toAccountView(user),
      session: { id, tfa, amr: [...amr] },
      next: tfa ? 'home' : await this.signIn.nextStep(user),
    };
  }
}
