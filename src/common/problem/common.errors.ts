import { DomainError, type ProblemExtras } from './domain-error.js';

/** One failed rule of a request; `pointer` is a JSON Pointer (RFC 6901) into the body or the query. */
export interface FieldError {
  pointer: string;
  detail: string;
}

export class ValidationFailed extends DomainError {
  constructor(readonly errors: readonly FieldError[]) {
    super('validation_failed', 400, 'The request is not valid', { members: { errors } });
  }
}

/** The same for "not there" and "not yours", so that nobody can probe for what others have. */
export class NotFound extends DomainError {
  constructor(extras?: ProblemExtras) {
    super('not_found', 404, 'Not found', extras);
  }
}

export class Unauthenticated extends DomainError {
  constructor(extras?: ProblemExtras) {
    super('unauthenticated', 401, 'Sign in first', extras);
  }
}

export class SecondFactorRequired extends DomainError {
  constructor() {
    super('second_factor_required', 401, 'The second step of the sign-in is open');
  }
}

export class Forbidden extends DomainError {
  constructor(extras?: ProblemExtras) {
    super('forbidden', 403, 'Not allowed', extras);
  }
}

/** The session is good, but nobody has proven lately that its owner still sits there. */
export class ReauthenticationRequired extends DomainError {
  /** @param maxAgeSeconds how old the proof may be. */
  constructor(maxAgeSeconds: number) {
    super('reauthentication_required', 403, 'Prove again who you are', {
      detail: 'Send the password or a code to /auth/reauthenticate, or sign in with 42 again.',
      members: { maxAgeSeconds },
    });
  }
}

export class CrossSiteRequest extends DomainError {
  constructor() {
    super('cross_site_request', 403, 'Requests from other sites are refused');
  }
}

export class MalformedRequest extends DomainError {
  constructor(detail: string, extras?: ProblemExtras) {
    super('malformed_request', 400, 'The request is malformed', { ...extras, detail });
  }
}

export class PayloadTooLarge extends DomainError {
  constructor() {
    super('payload_too_large', 413, 'The request body is too large', { detail: 'The limit is 256 KiB.' });
  }
}

export class UnsupportedMediaType extends DomainError {
  constructor(detail = 'Send application/json.') {
    super('unsupported_media_type', 415, 'The media type is not supported', { detail });
  }
}

/** Answered when a bounded queue is full or the database cannot be reached: nothing was done. */
export class ServiceUnavailable extends DomainError {
  constructor(retryAfterSeconds: number, cause?: unknown) {
    super('service_unavailable', 503, 'Too busy at the moment', {
      headers: { 'retry-after': String(retryAfterSeconds) },
      cause,
    });
  }
}

export class RateLimited extends DomainError {
  constructor(headers: Readonly<Record<string, string>>) {
    super('rate_limited', 429, 'Too many requests', { headers });
  }
}
