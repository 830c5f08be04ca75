import { DomainError } from '../common/problem/domain-error.js';

/** The same for a wrong, an old and a used code. */
export class InvalidCode extends DomainError {
  constructor() {
    super('invalid_code', 401, 'The code is not valid', {
      detail: 'Wrong, expired or used before. Wait for the next code and try again.',
    });
  }
}

export class SecondFactorLocked extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('second_factor_locked', 429, 'Too many wrong codes', {
      detail: 'The second step of this account is locked for a while.',
      headers: { 'retry-after': String(Math.max(1, retryAfterSeconds)) },
    });
  }
}

export class TwoFactorEnabled extends DomainError {
  constructor() {
    super('two_factor_enabled', 409, 'Two-factor authentication is on already');
  }
}

export class TwoFactorNotEnabled extends DomainError {
  constructor() {
    super('two_factor_not_enabled', 409, 'Two-factor authentication is off');
  }
}

export class TwoFactorNotGenerated extends DomainError {
  constructor() {
    super('two_factor_not_generated', 409, 'Generate a secret first');
  }
}

export class TwoFactorRequired extends DomainError {
  constructor() {
    super('two_factor_required', 403, 'The second step cannot be skipped');
  }
}
