import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RouteMark } from '../common/http/route-mark.js';
import { networkOf } from './core/network.js';
import { LIMITED } from './limited.decorator.js';
import { Limits } from './limits.service.js';
import type { PolicyName } from './policies.js';

const limitMark = new RouteMark<PolicyName>(LIMITED);

/** The first of the global guards: who asks too often costs neither a signature check nor a hash. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: Limits) {}

  /** @throws RateLimited */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const name = limitMark.of(context);
    return name === undefined || this.spend(name, context);
  }

  private async spend(name: PolicyName, context: ExecutionContext): Promise<true> {
    const network = networkOf(context.switchToHttp().getRequest<FastifyRequest>().ip);
    // Read first: whoever is refused writes nothing.
    await this.limits.requireLeft(name, network);
    await this.limits.spend(name, network);
    return true;
  }
}
