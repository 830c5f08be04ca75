import { ProtocolError, type ProtocolReason } from '../errors.js';

/** The reason for which a call is refused; `undefined` where it is not. Any other error is a crash, and thrown on. */
export async function refusal(call: () => unknown): Promise<ProtocolReason | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.reason;
    throw error;
  }
}

const QUICK_MS = 100;

/**
 * The reason for which a call is refused, within 100 ms: garbage must not cost more to refuse than to send. A slow
 * run is tried twice more, since other processes share the machine.
 *
 * @throws Error where every run is slow
 */
export async function quickRefusal(call: () => unknown): Promise<ProtocolReason | undefined> {
  for (let run = 1; ; run += 1) {
    const start = performance.now();
    const reason = await refusal(call);
    if (performance.now() - start < QUICK_MS) return reason;
    if (run === 3) throw new Error(`refused only after ${QUICK_MS} ms`);
  }
}
