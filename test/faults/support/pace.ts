import { setTimeout as delay } from 'node:timers/promises';

/** Between two messages of one writer: a load, not a benchmark, on a machine that others use too. */
const PACE_MS = 500;
/** Before another try: sooner than `retry-after` asks, which is harder on the server. */
export const RETRY_MS = 200;

export function pause(milliseconds = PACE_MS): Promise<void> {
  return delay(milliseconds);
}
