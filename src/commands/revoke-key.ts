import type { KeyTools } from './key-tools.js';
import type { Print } from './usage-error.js';

/** Takes one key out of use on every replica. @throws KeyRingRefusal */
export async function revokeKey({ ring }: KeyTools, kid: string, print: Print): Promise<void> {
  const { purpose, isNew } = await ring.revoke(kid);
  print(isNew ? `${purpose}: ${kid} is revoked` : `${purpose}: ${kid} was revoked before`);
  print(`${purpose}: ${ring.active(purpose).kid} is active`);
}
