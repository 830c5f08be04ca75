import type { StaleRecipients } from '../../messages.errors.js';

/** A member's current encryption key. */
export interface CurrentKey {
  readonly userId: string;
  readonly kid: string;
  readonly version: number;
}

/** @returns null where the envelope is for exactly these keys. */
export function compareRecipients(
  current: readonly CurrentKey[],
  kids: readonly string[],
): StaleRecipients | null {
  const sent = new Set(kids);
  const wanted = new Set(current.map(({ kid }) => kid));
  const missing = current.filter(({ kid }) => !sent.has(kid));
  const extra = kids.filter((kid) => !wanted.has(kid));
  return missing.length === 0 && extra.length === 0 ? null : { missing, extra };
}
