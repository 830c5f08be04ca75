import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { networkOf } from './core/network.js';
import { LIMITED } from './limited.decorator.js';
import { Limits } from './limits.service.js';
import type { PolicyName } from './policies.js';

/** The first of the global guards: who asks too often costs neither a signature check nor a hash. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: Limits,
  ) {}

  /** @throws RateLimited */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const name = this.reflector.get<PolicyName | undefined>(LIMITED, context.getHandler());
    if (name === undefined) return true;
    const network = networkOf(context.switchToHttp().getRequest<FastifyRequest>().ip);
    // Read first: whoever is refused writes nothing.
    await this.limits.requireLeft(name, network);
    await this.limits.spend(name, network);
    return true;
  }
}
