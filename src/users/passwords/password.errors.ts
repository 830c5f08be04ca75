import { DomainError } from '../../common/problem/domain-error.js';

/** The rules of a new password; clients word their own message by them. */
export type PasswordRule = 'characters' | 'length' | 'personal' | 'common' | 'guessable';

const DETAILS: Record<PasswordRule, string> = {
  characters: 'The password must be Unicode text.',
  length: 'The password must have 10 to 128 characters.',
  personal: 'The password must not contain the username or the name of the e-mail address.',
  common: 'The password is among those that attackers try first.',
  guessable: 'The password is easy to guess; four random words are a good one.',
};

/** Reads like a failed validation, and names the rule. */
export class WeakPassword extends DomainError {
  constructor(
    readonly rule: PasswordRule,
    pointer: string,
  ) {
    const detail = DETAILS[rule];
    super('weak_password', 400, 'The password is too weak', {
      detail,
      members: { rule, errors: [{ pointer, detail }] },
    });
  }
}
