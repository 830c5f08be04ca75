import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { AuthenticatedRequest } from '../../common/http/decorators.js';
import { SecondFactorRequired } from '../../common/problem/common.errors.js';
import { accessOf } from './session.guard.js';

/** A session whose second step is open reaches only what is marked `@PendingSecondFactor()`. */
@Injectable()
export class SecondFactorGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (accessOf(this.reflector, context) !== undefined) return true;
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user?.tfa !== true) throw new SecondFactorRequired();
    return true;
  }
}
