import { setTimeout as delay } from 'node:timers/promises';

export const ROUNDS = 5;

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures each contestant once, then all of them again, so that whatever else the machine does falls on all alike.
 * @param contestants by name, what measures once; it answers with a number, or with several by name.
 * @returns by name, the rounds. The first one only warms up and is left out.
 */
export async function interleave(contestants, rounds = ROUNDS) {
  const found = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, measure] of Object.entries(contestants)) {
      const value = await measure(round);
      if (round > 0) found[name].push(value);
      await delay(50);
    }
  return found;
}

/** A server that has just started still compiles what it runs: the first round, which is left out, is longer. */
export function warmingUp(round, seconds) {
  return round === 0 ? 4 * seconds : seconds;
}

/** The ratio of each round, so that a slow minute of the machine does not decide; and of the ratios the median. */
export function ratio(above, below) {
  return median(above.map((value, i) => value / below[i]));
}

/** A line of the table. @param bound '≥' or '≤' the mark. @param mark null where there is none. */
export function row(name, value, bound, mark, detail) {
  const rounded = Number(value.toPrecision(3));
  const reached = mark === null ? null : bound === '≥' ? rounded >= mark : rounded <= mark;
  return { row: name, ratio: rounded, bound, mark, reached, detail };
}
