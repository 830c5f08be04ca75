import { NamedMutex } from './mutex.js';
import type { Change } from './storage.js';

/** The values of a storage that one process has to itself, as structured clones in memory. */
export class HeldValues {
  private readonly mutex = new NamedMutex();

  constructor(protected readonly values = new Map<string, unknown>()) {}

  async get(key: string): Promise<unknown> {
    return structuredClone(this.values.get(key));
  }

  async entries(prefix: string): Promise<readonly (readonly [string, unknown])[]> {
    return [...this.values]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key, structuredClone(value)] as const);
  }

  lock<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.mutex.run(name, work);
  }

  protected apply(changes: readonly Change[]): void {
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, structuredClone(value));
    }
  }
}
