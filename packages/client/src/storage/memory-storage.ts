import { NamedMutex } from './mutex.js';
import type { Change, SealgateStorage } from './storage.js';

/** Forgets everything when the process or page ends: for tests, and for scripts that restore from a backup each time. */
export class MemoryStorage implements SealgateStorage {
  readonly holdsCryptoKeys = true;
  private readonly values = new Map<string, unknown>();
  private readonly mutex = new NamedMutex();

  async get(key: string): Promise<unknown> {
    return structuredClone(this.values.get(key));
  }

  async entries(prefix: string): Promise<readonly (readonly [string, unknown])[]> {
    return [...this.values]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key, structuredClone(value)] as const);
  }

  async write(changes: readonly Change[]): Promise<void> {
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, structuredClone(value));
    }
  }

  lock<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.mutex.run(name, work);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
