import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGER, type Logger } from '../../common/logging.js';
import { toDomainError } from '../../common/problem/problem.filter.js';
import { AccountSuspended } from '../auth.errors.js';
import { SignInMetrics } from '../sign-in/sign-in.metrics.js';
import { FortyTwoError } from './fortytwo.errors.js';

/** Every trouble of a 42 sign-in ends on the sign-in page with a reason, never in a bare error. @see api.md §3 */
@Catch()
export class FortyTwoRedirectFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: SignInMetrics,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toDomainError(thrown);
    const code = reasonOf(thrown);
    const told = { requestId: request.id, code };
    // What people and 42 do is no fault of ours, and anybody can link to the callback: a line, without a stack.
    if (thrown instanceof FortyTwoError)
      this.logger.info({ ...told, why: reasonsOf(thrown) }, '42 sign-in failed');
    else if (error.status < 500) this.logger.info(told, '42 sign-in failed');
    else this.logger.error({ ...told, err: thrown }, '42 sign-in failed');
    // With a page of its own it was no sign-in: somebody signed in was linking, or proved again who they are.
    const page = thrown instanceof FortyTwoError ? thrown.page : null;
    if (page === null) this.metrics.failed('42', thrown);
    void reply.redirect(page ?? `/sign-in?error=${code}`, 302);
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof FortyTwoError || thrown instanceof AccountSuspended) return thrown.code;
  // Ours (the database, say) and not 42's, but the advice is the same: try again soon.
  return 'provider_unavailable';
}

/** What happened, and what 42, the network or a library said of it. */
function reasonsOf({ cause }: Error): string[] {
  return cause instanceof Error ? [cause.message, ...reasonsOf(cause)] : [];
}
