import { HeldValues } from './held-values.js';
import type { Change, SealgateStorage } from './storage.js';

/** Forgets everything when the process or page ends: for tests, and for scripts that restore from a backup each time. */
export class MemoryStorage extends HeldValues implements SealgateStorage {
  readonly holdsCryptoKeys = true;

  async write(changes: readonly Change[]): Promise<void> {
    this.apply(changes);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
