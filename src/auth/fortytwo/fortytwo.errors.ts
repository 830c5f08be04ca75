import { DomainError } from '../../common/problem/domain-error.js';
import { troublePage, type Purpose } from './purpose.js';

/**
 * How a round trip to 42 can come to nothing: the first four are the contract's values of `/sign-in?error=`, the others
 * stand on the page that a signed-in person comes back to. @see api.md §3
 */
export type FortyTwoErrorCode =
  | 'access_denied'
  | 'invalid_state'
  | 'provider_unavailable'
  | 'provider_error'
  | 'identity_in_use'
  | 'already_linked'
  | 'identity_mismatch'
  | 'session_ended';

const problems: Record<FortyTwoErrorCode, { status: number; title: string }> = {
  access_denied: { status: 403, title: 'The sign-in was declined at 42' },
  invalid_state: { status: 400, title: 'The sign-in was not started here, or too long ago' },
  provider_unavailable: { status: 503, title: '42 cannot be reached at the moment' },
  identity_in_use: { status: 409, title: 'This 42 account belongs to another account here' },
  already_linked: { status: 409, title: 'Another 42 account is linked already' },
  identity_mismatch: { status: 403, title: 'This is not the 42 account of this account' },
  session_ended: { status: 401, title: 'The session that began this has ended' },
  provider_error: { status: 502, title: '42 gave an answer that cannot be used' },
};

/** A sign-in with 42 that came to nothing. The reason is for the log: it never holds a token, a code or a body. */
export class FortyTwoError extends DomainError {
  declare readonly code: FortyTwoErrorCode;

  constructor(code: FortyTwoErrorCode, reason: string, cause?: unknown) {
    const { status, title } = problems[code];
    super(code, status, title, { cause: new Error(reason, cause === undefined ? undefined : { cause }) });
  }

  /** Where the browser goes instead of the sign-in page; null until it is known who had begun. */
  page: string | null = null;

  /** Sends somebody who is signed in back to where they came from. */
  endingAt(purpose: Purpose, returnTo: string | null): this {
    this.page = troublePage(purpose, returnTo, this.code);
    return this;
  }
}

/** No 42 application is configured, or 42 is not asked for a while because it kept failing. */
export class FortyTwoUnavailable extends DomainError {
  constructor() {
    super('provider_unavailable', 503, '42 cannot be reached at the moment');
  }
}

/** Taking it away would lock the account for good. */
export class LastWayIn extends DomainError {
  constructor() {
    super('last_way_in', 409, 'This is the only way into the account', {
      detail: 'Set a password first: "forgot password" mails a link to the verified e-mail address.',
    });
  }
}
