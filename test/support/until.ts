import { setImmediate } from 'node:timers/promises';

/**
 * Asks again and again, without pausing, until the answer is yes.
 * @throws where it still is no after `milliseconds`.
 */
export async function until(milliseconds: number, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not true within ${milliseconds} ms`);
    await setImmediate();
  }
}
