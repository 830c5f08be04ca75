import { DomainError } from '../../common/problem/domain-error.js';

/** Whatever was wrong with it: the answer does not tell, in words or in time. */
export class InvalidSealedRequest extends DomainError {
  constructor() {
    super('invalid_sealed_request', 400, 'The sealed request is not valid');
  }
}

/** Inside a sealed request; the answer is sealed. */
export class NotSealableRoute extends DomainError {
  constructor() {
    super('not_sealable', 400, 'This route cannot be used inside a sealed request');
  }
}
