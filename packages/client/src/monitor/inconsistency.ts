import { ProtocolError } from '@sealgate/protocol';

/**
 * Which check of the monitor failed.
 *
 * - `key`: the server names another log key than the one that is pinned
 * - `signature`: the head is not a note signed by the pinned key
 * - `old-head`: the head is smaller than the one that was kept
 * - `consistency`: the head's tree does not begin with the tree that was kept
 * - `entries`: an entry is missing or malformed, or the entries do not hash to the head
 * - `versions`: an account's versions do not follow one another
 * - `tiles`: the hashes in a tile are not those of the entries
 * - `inclusion`: the proof of the newest entry does not hold
 */
export type MonitorCheck =
  'key' | 'signature' | 'old-head' | 'consistency' | 'entries' | 'versions' | 'tiles' | 'inclusion';

/** The log was caught. `evidence` is JSON: what was shown, and what it contradicts. */
export class Inconsistency extends Error {
  override readonly name = 'Inconsistency';

  constructor(
    readonly check: MonitorCheck,
    message: string,
    readonly evidence: Readonly<Record<string, unknown>>,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The server did not answer, or said that it could not: that proves nothing, and is tried again. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The server answered, and refused what its own head says there is. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly path: string,
    readonly status: number,
    readonly body: string,
  ) {
    super(`${path} was answered with ${status}`);
  }
}

/**
 * Runs one check: what its proof refuses, or the server does not hand out, becomes the inconsistency.
 *
 * @throws Inconsistency; Unreachable and faults of our own pass through
 */
export async function checking<T>(
  check: MonitorCheck,
  message: string,
  evidence: Readonly<Record<string, unknown>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ProtocolError)
      throw new Inconsistency(
        check,
        message,
        { ...evidence, refusal: { reason: cause.reason, message: cause.message } },
        { cause },
      );
    if (cause instanceof Refused) {
      const { path, status, body } = cause;
      throw new Inconsistency(check, message, { ...evidence, answer: { path, status, body } }, { cause });
    }
    throw cause;
  }
}
