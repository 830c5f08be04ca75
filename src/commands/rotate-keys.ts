import { ROTATING_PURPOSES, type RotatingPurpose } from '../crypto/key-ring/core/key-life.js';
import { NextKeyTooYoung } from '../crypto/key-ring/key-ring.errors.js';
import type { KeyTools } from './key-tools.js';
import type { Print } from './usage-error.js';

/**
 * Lets the next key of one use, or of each, take over.
 * @returns false where a key had to stay, as the next one is not known widely enough yet.
 */
export async function rotateKeys(
  { ring }: KeyTools,
  use: RotatingPurpose | undefined,
  print: Print,
): Promise<boolean> {
  let isDone = true;
  for (const purpose of use === undefined ? ROTATING_PURPOSES : [use]) {
    try {
      const rotation = await ring.rotate(purpose);
      print(
        rotation === null
          ? `${purpose}: somebody else has just rotated it; ${ring.active(purpose).kid} is active`
          : `${purpose}: ${rotation.from} is retired, ${rotation.to} is active`,
      );
    } catch (error) {
      if (!(error instanceof NextKeyTooYoung)) throw error;
      isDone = false;
      print(`${purpose}: not rotated. ${error.message}`);
    }
  }
  return isDone;
}
