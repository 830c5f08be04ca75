import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from '../../common/http/decorators.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Limits } from '../../limits/limits.service.js';
import { ServerSideCryptoDisabled } from '../crypto.errors.js';

/**
 * Closes routes that take private keys where the operator has not opened them, before the body is looked at. Where they
 * are open, each account has a quota: every call is work of a private key.
 */
@Injectable()
export class ServerSideCryptoGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly limits: Limits,
  ) {}

  /** @throws ServerSideCryptoDisabled, RateLimited */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!this.config.serverSideCrypto) throw new ServerSideCryptoDisabled();
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user === undefined) throw new TypeError('the guard stands behind that of the session');
    // Read first: whoever is refused writes nothing.
    await this.limits.requireLeft('server-crypto', user.userId);
    await this.limits.spend('server-crypto', user.userId);
    return true;
  }
}
