/** How often something may happen in a fixed window. */
export interface Policy {
  /** As clients see it, where they do. */
  readonly name: PolicyName;
  readonly quota: number;
  readonly windowSeconds: number;
}

interface Rule {
  readonly quota: number;
  readonly windowSeconds: number;
  /** `RATE_LIMIT_FACTOR` multiplies the quota: per address and overall, never per account. */
  readonly scaled: boolean;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * Every limit. Those of signing in count failures only, see sign-in-limits.service.ts; those per address are meant for
 * a household or a small office: larger ones behind one address set `RATE_LIMIT_FACTOR`.
 */
const RULES = {
  'login-ip': { quota: 10, windowSeconds: MINUTE, scaled: true },
  'login-pair': { quota: 10, windowSeconds: 15 * MINUTE, scaled: true },
  'login-account': { quota: 50, windowSeconds: HOUR, scaled: false },
  'login-all': { quota: 600, windowSeconds: MINUTE, scaled: true },
  'register-ip': { quota: 100, windowSeconds: HOUR, scaled: true },
  'forgot-ip': { quota: 30, windowSeconds: HOUR, scaled: true },
  'forgot-account': { quota: 5, windowSeconds: HOUR, scaled: false },
  'mail-token-ip': { quota: 20, windowSeconds: 10 * MINUTE, scaled: true },
  'verify-resend': { quota: 5, windowSeconds: HOUR, scaled: false },
  'email-change': { quota: 5, windowSeconds: HOUR, scaled: false },
  'password-user': { quota: 10, windowSeconds: 15 * MINUTE, scaled: false },
  // Each version stands in the log for ever, and costs its readers a check.
  'account-keys': { quota: 20, windowSeconds: DAY, scaled: false },
  'server-crypto': { quota: 600, windowSeconds: MINUTE, scaled: false },
  // Of what is written to one address: src/mail/core/mail-budget.ts.
  'mail-link': { quota: 10, windowSeconds: HOUR, scaled: false },
  'mail-sign-in': { quota: 3, windowSeconds: HOUR, scaled: false },
  'mail-notice': { quota: 20, windowSeconds: HOUR, scaled: false },
} as const satisfies Record<string, Rule>;

export type PolicyName = keyof typeof RULES;

export const POLICY_NAMES = Object.keys(RULES) as PolicyName[];

/** A policy as this server applies it. */
export function policy(name: PolicyName, factor: number): Policy {
  const { quota, windowSeconds, scaled } = RULES[name];
  return { name, windowSeconds, quota: scaled ? Math.max(1, Math.floor(quota * factor)) : quota };
}
