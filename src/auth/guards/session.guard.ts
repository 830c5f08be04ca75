import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { Unauthenticated } from '../../common/problem/common.errors.js';
import { accessMark } from './access-mark.js';
import { AccessTokenStrategy } from './access-token.strategy.js';

/**
 * Every route needs a session unless it is marked `@Public()`. Asks the strategy itself and not through Passport, which
 * would dress each request up with its own methods: half of what verifying a remembered token costs.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly strategy: AccessTokenStrategy) {}

  /** @throws Unauthenticated */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessMark.of(context) === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = this.strategy.decide(request);
    return caller instanceof Promise
      ? caller.then((principal) => admit(request, principal))
      : admit(request, caller);
  }
}

function admit(request: AuthenticatedRequest, principal: Principal | null): true {
  if (principal === null) throw new Unauthenticated();
  request.user = principal;
  return true;
}
