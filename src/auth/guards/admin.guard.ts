import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ADMIN_ONLY, type AuthenticatedRequest } from '../../common/http/decorators.js';
import { Forbidden } from '../../common/problem/common.errors.js';
import { AccountsService } from '../../users/accounts.service.js';

/** Admin routes ask the database for the role: one that was taken away is gone at the next request. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: AccountsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isAdminOnly = this.reflector.getAllAndOverride<boolean>(ADMIN_ONLY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!isAdminOnly) return true;
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user === undefined || (await this.accounts.roleOf(user.userId)) !== 'admin') throw new Forbidden();
    return true;
  }
}
