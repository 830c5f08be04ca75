import { setTimeout as delay } from 'node:timers/promises';

/** Asks now and then: without a pause the test would take the processor from what it waits for. */
const PAUSE_MS = 25;

/** @returns after how many milliseconds the answer was yes. @throws where it still is no after `milliseconds`. */
export async function within(
  milliseconds: number,
  what: string,
  isTrue: () => boolean | Promise<boolean>,
): Promise<number> {
  const began = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - began > milliseconds) throw new Error(`${what}: not within ${milliseconds} ms`);
    await delay(PAUSE_MS);
  }
  return performance.now() - began;
}
