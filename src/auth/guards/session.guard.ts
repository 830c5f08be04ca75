import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type Access, type AuthenticatedRequest } from '../../common/http/decorators.js';
import { Unauthenticated } from '../../common/problem/common.errors.js';
import { AccessTokenStrategy } from './access-token.strategy.js';

/**
 * Every route needs a session unless it is marked `@Public()`. Asks the strategy itself and not through Passport, which
 * would dress each request up with its own methods: half of what verifying a remembered token costs.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly strategy: AccessTokenStrategy,
  ) {}

  /** @throws Unauthenticated */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (accessOf(this.reflector, context) === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const principal = await this.strategy.decide(request);
    if (principal === null) throw new Unauthenticated();
    (request as AuthenticatedRequest).user = principal;
    return true;
  }
}

/** How a route is marked; undefined means closed. */
export function accessOf(reflector: Reflector, context: ExecutionContext): Access | undefined {
  return reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
}
