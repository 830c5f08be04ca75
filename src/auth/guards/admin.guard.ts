import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ADMIN_ONLY, type AuthenticatedRequest } from '../../common/http/decorators.js';
import { RouteMark } from '../../common/http/route-mark.js';
import { Forbidden } from '../../common/problem/common.errors.js';
import { AccountsService } from '../../users/accounts.service.js';

const adminMark = new RouteMark<boolean>(ADMIN_ONLY);

/** Admin routes ask the database for the role: one that was taken away is gone at the next request. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly accounts: AccountsService) {}

  /** @throws Forbidden */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return adminMark.of(context) === undefined || this.requireAdmin(context);
  }

  private async requireAdmin(context: ExecutionContext): Promise<true> {
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user === undefined || (await this.accounts.roleOf(user.userId)) !== 'admin') throw new Forbidden();
    return true;
  }
}
