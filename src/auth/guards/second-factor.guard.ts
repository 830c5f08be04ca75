import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from '../../common/http/decorators.js';
import { SecondFactorRequired } from '../../common/problem/common.errors.js';
import { accessMark } from './access-mark.js';

/** A session whose second step is open reaches only what is marked `@PendingSecondFactor()`. */
@Injectable()
export class SecondFactorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (accessMark.of(context) !== undefined) return true;
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user?.tfa !== true) throw new SecondFactorRequired();
    return true;
  }
}
