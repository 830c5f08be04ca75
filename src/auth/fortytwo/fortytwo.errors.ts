import { DomainError } from '../../common/problem/domain-error.js';

/** How a sign-in with 42 can end without one; the contract's values of `/sign-in?error=`. @see api.md §3 */
export type FortyTwoErrorCode = 'access_denied' | 'invalid_state' | 'provider_unavailable' | 'provider_error';

const problems: Record<FortyTwoErrorCode, { status: number; title: string }> = {
  access_denied: { status: 403, title: 'The sign-in was declined at 42' },
  invalid_state: { status: 400, title: 'The sign-in was not started here, or too long ago' },
  provider_unavailable: { status: 503, title: '42 cannot be reached at the moment' },
  provider_error: { status: 502, title: '42 gave an answer that cannot be used' },
};

/** A sign-in with 42 that came to nothing. The reason is for the log: it never holds a token, a code or a body. */
export class FortyTwoError extends DomainError {
  declare readonly code: FortyTwoErrorCode;

  constructor(code: FortyTwoErrorCode, reason: string, cause?: unknown) {
    const { status, title } = problems[code];
    super(code, status, title, { cause: new Error(reason, cause === undefined ? undefined : { cause }) });
  }
}
