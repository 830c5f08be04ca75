import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;
/** Asking the system for 256 at once costs little more than for one. */
const pool = new Uint8Array(256 * RANDOM_BYTES);
let used = pool.length;

/** Any UUID in its canonical text form (RFC 9562 §4), either case. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** A new UUIDv7 (RFC 9562 §5.7): ordered by time, so that index pages fill from one end. */
export function newId(): string {
  return v7();
}

/** One for each request: like {@link newId}, but those of the same millisecond are in no order. */
export function newRequestId(): string {
  return v7({ rng: takeRandom });
}

function takeRandom(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.subarray(used - RANDOM_BYTES, used);
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
