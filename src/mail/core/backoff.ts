const FIRST_SECONDS = 60;
const LONGEST_SECONDS = 6 * 3600;

/** How long to wait after so many failed attempts: 1, 2, 4 … minutes, six hours at most. */
export function backoffSeconds(failedAttempts: number): number {
  return Math.min(FIRST_SECONDS * 2 ** Math.max(0, failedAttempts - 1), LONGEST_SECONDS);
}
