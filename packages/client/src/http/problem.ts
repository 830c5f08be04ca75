import { clientError, type FieldError, SealgateError } from '../errors.js';
import type { Answer } from './exchange.js';

const KNOWN = new Set(['type', 'title', 'status', 'detail', 'instance', 'code', 'errors']);

/** The error that an answer of 400 or more stands for. @see RFC 9457 §3 */
export function problemOf({ status, headers, body }: Answer): SealgateError {
  const requestId = headers.get('x-request-id');
  const retryAfter = retryAfterOf(headers.get('retry-after'));
  if (typeof body !== 'object' || body === null || !('code' in body) || typeof body.code !== 'string') {
    return clientError('bad_response', `HTTP ${status} without a problem document`, {
      status,
      requestId,
      retryAfter,
    });
  }
  const problem: Record<string, unknown> = { ...body };
  return new SealgateError(body.code, typeof problem.title === 'string' ? problem.title : body.code, {
    status,
    requestId,
    retryAfter,
    detail: typeof problem.detail === 'string' ? problem.detail : undefined,
    errors: Array.isArray(problem.errors) ? problem.errors.filter(isFieldError) : [],
    members: Object.fromEntries(Object.entries(problem).filter(([name]) => !KNOWN.has(name))),
  });
}

function isFieldError(value: unknown): value is FieldError {
  return typeof value === 'object' && value !== null && 'pointer' in value && 'detail' in value;
}

/** Seconds; the server sends no dates. @see RFC 9110 §10.2.3 */
function retryAfterOf(value: string | null): number | null {
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null;
}
