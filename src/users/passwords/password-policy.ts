import { Injectable } from '@nestjs/common';
import { WeakPassword, type PasswordRule } from './password.errors.js';
import { passwordKnowledge } from './password-knowledge.js';

/** What a guesser who knows the account would try. */
export interface PasswordOwner {
  readonly username: string;
  readonly email: string | null;
  readonly displayName?: string | null;
}

const MIN_CHARACTERS = 10;
const MAX_CHARACTERS = 128;
/** Shorter local parts (`a@…`, `jo@…`) stand in passwords by chance. */
const MIN_LOCAL_PART = 3;
/** 10⁹: ten random letters have ten times as many, a word with a year and signs a tenth. */
const MIN_GUESSES_LOG10 = 9;
/**
 * What is estimated at once, and it blocks the process: the estimator's time grows with more than the square. Four
 * words fit; 32 of the worst signs cost some 20 ms, where 48 cost 90.
 */
const WINDOW = 32;

/** Decides whether a new password is good enough; known ones are never asked about at sign-in. */
@Injectable()
export class PasswordPolicy {
  /**
   * @param pointer the member of the body that holds the password.
   * @throws WeakPassword with the first rule that is broken.
   */
  require(password: string, owner: PasswordOwner, pointer = '/password'): void {
    const rule = this.brokenRule(password, owner);
    if (rule !== null) throw new WeakPassword(rule, pointer);
  }

  private brokenRule(password: string, owner: PasswordOwner): PasswordRule | null {
    // A lone surrogate has no UTF-8: two such passwords would have the same hash.
    if (/\p{Surrogate}/u.test(password)) return 'characters';
    const normal = password.normalize('NFC');
    const characters = [...normal].length;
    if (characters < MIN_CHARACTERS || characters > MAX_CHARACTERS) return 'length';
    // As typed, and as a guesser's tool would spell it: ｐäｓｓ… is pass….
    const spellings = new Set([normal.toLowerCase(), fold(normal).toLowerCase()]);
    const personal = personalWords(owner);
    const { common } = passwordKnowledge(WINDOW);
    for (const spelling of spellings) {
      if (personal.some((word) => spelling.includes(word))) return 'personal';
      if (common.has(spelling)) return 'common';
    }
    const hints = [...personal, ...hintsOf(owner)];
    return this.isHardToGuess(fold(normal), hints) ? null : 'guessable';
  }

  /** A long password is at least as strong as its stronger end. */
  private isHardToGuess(text: string, hints: string[]): boolean {
    const { estimator } = passwordKnowledge(WINDOW);
    const isStrong = (part: string): boolean =>
      estimator.check(part, hints).guessesLog10 >= MIN_GUESSES_LOG10;
    return isStrong(text.slice(0, WINDOW)) || (text.length > WINDOW && isStrong(text.slice(-WINDOW)));
  }
}

/** What the password must not contain, in lower case. */
function personalWords({ username, email }: PasswordOwner): string[] {
  const local = email?.slice(0, email.lastIndexOf('@')).normalize('NFC').toLowerCase() ?? '';
  return [username.toLowerCase(), ...(local.length < MIN_LOCAL_PART ? [] : [local])];
}

/** What the estimator counts as known words. */
function hintsOf({ email, displayName }: PasswordOwner): string[] {
  const text = `${email ?? ''} ${displayName ?? ''}`.toLowerCase().slice(0, 512);
  return [...text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= MIN_LOCAL_PART), 'sealgate'];
}

/** Compatibility forms and accents taken off (UAX #15, NFKD). */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
}
