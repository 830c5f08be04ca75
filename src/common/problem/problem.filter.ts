import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging.js';
import { DomainError } from './domain-error.js';
import {
  MalformedRequest,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType,
} from './common.errors.js';
import { isDatabaseUnavailable } from './database-unavailable.js';

/** Problem details (RFC 9457 §3) with our extension members. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** The request id, as in `x-request-id`. */
  instance: string;
  /** Stable, snake_case; what clients branch on. */
  code: string;
  [member: string]: unknown;
}

/** The one place where an error becomes an answer; whatever was not meant to be seen becomes a bare 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toDomainError(thrown);
    if (error.status >= 500)
      this.logger.error({ requestId: request.id, code: error.code, err: thrown }, 'request failed');
    else if (error.cause !== undefined)
      this.logger.info({ requestId: request.id, code: error.code, cause: error.cause }, 'request refused');
    // A stream that has begun cannot change its status any more: end it.
    if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
    sendProblem(reply, error, request.id);
  }
}

/** Sends the document of an error; also for what fails before there is a route, and so a filter. */
export function sendProblem(reply: FastifyReply, error: DomainError, requestId: string): void {
  void reply
    .status(error.status)
    .headers(error.extras.headers ?? {})
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(toProblem(error, requestId));
}

/** @returns the public document of an error. */
export function toProblem(error: DomainError, requestId: string): ProblemDocument {
  const { detail, members } = error.extras;
  return {
    type: `urn:sealgate:problem:${error.code}`,
    title: error.title,
    status: error.status,
    ...(detail === undefined ? {} : { detail }),
    instance: requestId,
    code: error.code,
    ...members,
  };
}

/** Maps whatever was thrown; library messages never pass. */
export function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  if (isDatabaseUnavailable(thrown)) return new ServiceUnavailable(2, thrown);
  const status = statusOf(thrown);
  // 414 is the router's for a part of the path that is longer than any id: no UUID, so nothing that is there.
  if (status === 404 || status === 414) return new NotFound();
  if (status === 405) return new DomainError('method_not_allowed', 405, 'The method is not allowed here');
  if (status === 413) return new PayloadTooLarge();
  if (status === 415) return new UnsupportedMediaType();
  if (status === 503) return new ServiceUnavailable(2, thrown);
  if (status >= 400 && status < 500)
    return new MalformedRequest('The request cannot be read.', { cause: thrown });
  return new DomainError('internal_error', 500, 'Something went wrong on our side', { cause: thrown });
}

/** Nest's and Fastify's own errors carry a status; anything else is a fault of ours. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const { statusCode } = (thrown ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
