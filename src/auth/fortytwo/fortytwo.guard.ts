import { Inject, Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { strategyPerRequest } from '../guards/passport-options.js';
import { FORTYTWO_STRATEGY } from './fortytwo-provider.js';
import { FortyTwoError } from './fortytwo.errors.js';
import type { FortyTwoAuthenticateOptions, FortyTwoSignIn, FortyTwoStrategy } from './fortytwo.strategy.js';

const STEP = Symbol('STEP');
type Step = NonNullable<FortyTwoAuthenticateOptions['step']>;

/** Which of the two steps a route is; the request itself is never asked. */
export const FortyTwoStep = (step: Step): MethodDecorator => SetMetadata(STEP, step);

/** A request on which the `42` strategy left what 42 proved. */
export type FortyTwoRequest = FastifyRequest & { fortyTwo?: FortyTwoSignIn };

/** Runs the `42` strategy: redirects to 42, or turns its callback into a proven identity. */
@Injectable()
export class FortyTwoGuard extends AuthGuard() {
  constructor(
    @Inject(FORTYTWO_STRATEGY) private readonly strategy: FortyTwoStrategy | null,
    private readonly reflector: Reflector,
  ) {
    super(strategyPerRequest(strategy ?? {}, 'fortyTwo'));
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.strategy === null)
      throw new FortyTwoError('provider_unavailable', 'FORTYTWO_CLIENT_ID is not set');
    return (await super.canActivate(context)) as boolean;
  }

  override getAuthenticateOptions(context: ExecutionContext): FortyTwoAuthenticateOptions {
    const { query } = context
      .switchToHttp()
      .getRequest<FastifyRequest<{ Querystring: { returnTo?: unknown } }>>();
    const step = this.reflector.get<Step>(STEP, context.getHandler());
    return step === 'start' ? { step, returnTo: query.returnTo } : { step };
  }

  /** Gives the strategy the one thing that it needs of the answer. */
  override getRequest(context: ExecutionContext): FastifyRequest {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return Object.assign(request, {
      appendSetCookie: (header: string) => void reply.header('set-cookie', header),
    });
  }

  override handleRequest<User>(error: unknown, user: User | false | null): User {
    if (error) throw error;
    if (!user) throw new FortyTwoError('provider_error', 'the strategy failed without a reason');
    return user;
  }
}
