import { Injectable } from '@nestjs/common';
import type { ClientInfo } from '../common/http/client-info.js';
import { TwoFactorService } from '../two-fa/two-factor.service.js';
import { AccountsService } from '../users/accounts.service.js';
import { IdentityProof, type Proof } from '../users/identity-proof.js';
import { CurrentPassword } from './password/current-password.service.js';

/** Checks a password or a code of somebody who is signed in already. */
@Injectable()
export class IdentityProofService extends IdentityProof {
  constructor(
    private readonly currentPassword: CurrentPassword,
    private readonly accounts: AccountsService,
    private readonly twoFactor: TwoFactorService,
  ) {
    super();
  }

  async prove(userId: string, { password, code }: Proof, client: ClientInfo): Promise<void> {
    if (code !== undefined)
      return this.twoFactor.verify({ userId, sessionId: null, client }, { code }, async () => undefined);
    await this.currentPassword.prove(userId, password ?? '');
  }

  async isPossible(userId: string): Promise<boolean> {
    return (await this.accounts.findPassword(userId)) !== null || this.twoFactor.isEnabled(userId);
  }
}
