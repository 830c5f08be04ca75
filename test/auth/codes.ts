import { codeFor } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';

/** A well-formed code that the authenticator does not show around now. */
export function wrongCode(server: Pick<TestApp, 'clock'>, secret: string): string {
  const near = [-1, 0, 1].map((steps) => codeFor(server, secret, steps));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? '';
}

/** Well-formed and nobody's. */
export const WRONG_RECOVERY_CODE = '0000-0000-0000-0000';
