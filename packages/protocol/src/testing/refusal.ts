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
