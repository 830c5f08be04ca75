import { DomainError } from '../common/problem/domain-error.js';

/** Also for the name of a deleted account, which is not given again. */
export class UsernameTaken extends DomainError {
  constructor() {
    super('username_taken', 409, 'The username is taken');
  }
}

export class EmailTaken extends DomainError {
  constructor() {
    super('email_taken', 409, 'The e-mail address is taken');
  }
}

export class LastAdmin extends DomainError {
  constructor() {
    super('last_admin', 409, 'The last admin cannot be removed');
  }
}
