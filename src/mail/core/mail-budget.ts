import type { PolicyName } from '../../limits/policies.js';
import type { Mail } from './mail.js';

/** How much of a kind one address gets, and what becomes of the rest. */
export interface MailBudget {
  readonly policy: PolicyName;
  /** What is counted: a budget of each kind's own leaves the others theirs. */
  readonly key: string;
  /** What can wait is sent once there is room again, many of a kind as one. */
  readonly canWait: boolean;
}

/**
 * Whoever registers with another's address, or knows a password, could have mail written for every change. A link is
 * asked for again; a notice tells of something that its reader must learn, so it is late at worst, and what anybody
 * with the password can cause by the dozen does not use up the room of the others.
 */
export function budgetOf(kind: Mail['kind'], recipient: string): MailBudget {
  if (kind === 'verify_email' || kind === 'change_email' || kind === 'reset_password')
    return { policy: 'mail-link', key: `${kind} ${recipient}`, canWait: false };
  if (kind === 'new_sign_in') return { policy: 'mail-sign-in', key: recipient, canWait: true };
  return { policy: 'mail-notice', key: recipient, canWait: true };
}

/** Two notices of one kind as one: the later occasion, and how often. */
export function mergeNotices(earlier: Mail, later: Mail): Mail {
  if (!('occasion' in earlier) || !('occasion' in later)) throw new TypeError('only notices wait');
  return { ...later, times: (earlier.times ?? 1) + (later.times ?? 1) };
}
