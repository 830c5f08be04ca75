import { DomainError } from '../common/problem/domain-error.js';

/** The same for an unknown e-mail and a wrong password. */
export class InvalidCredentials extends DomainError {
  constructor() {
    super('invalid_credentials', 401, 'E-mail or password is wrong');
  }
}

/** Told after the right password only. */
export class AccountSuspended extends DomainError {
  constructor() {
    super('account_suspended', 403, 'This account is suspended');
  }
}

export class InvalidRefreshToken extends DomainError {
  constructor() {
    super('invalid_refresh_token', 401, 'The refresh token is not valid', { detail: 'Sign in again.' });
  }
}

/** A mail link's token: wrong, used before, or too old. */
export class InvalidToken extends DomainError {
  constructor() {
    super('invalid_token', 400, 'The link is not valid any more', { detail: 'Ask for a new one.' });
  }
}
