import { SealgateError } from '@sealgate/client';
import { t } from './catalogue.js';

type ErrorCode = keyof typeof t.errors;

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(t.errors, code);
}

/** What went wrong and what to do next, in the page's language. */
export function explain(error: unknown): string {
  if (!(error instanceof SealgateError)) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') return t.errors.clipboard;
    return t.errors.unknown;
  }
  if (error.code === 'weak_password') return explainWeakPassword(error) ?? t.errors.weak_password;
  const words = isKnown(error.code) ? t.errors[error.code] : t.errors.unknown;
  if (error.code === 'rate_limited' && error.retryAfter !== null)
    return `${t.errors.rate_limited} ${t.errorDetails.waitSeconds(error.retryAfter)}`;
  const isOurs = error.status !== null && error.status >= 500 && error.requestId !== null;
  return isOurs ? `${words} ${t.errorDetails.reference(error.requestId)}` : words;
}

/** By a code alone, as a queued message keeps it. */
export function explainCode(code: string | null): string {
  return code !== null && isKnown(code) ? t.errors[code] : t.errors.unknown;
}

/** The rule of passwords that was broken; null for every other error. */
export function explainWeakPassword(error: unknown): string | null {
  if (!(error instanceof SealgateError) || error.code !== 'weak_password') return null;
  const { rule } = error.members;
  return typeof rule === 'string' && Object.hasOwn(t.password.rules, rule)
    ? t.password.rules[rule as keyof typeof t.password.rules]
    : null;
}
