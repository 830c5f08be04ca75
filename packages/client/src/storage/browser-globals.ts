/** The little of IndexedDB and Web Locks that is used, so that servers' type checks need no DOM. */
interface Listened {
  addEventListener(type: string, listener: () => void): void;
}

export interface IdbRequest<T = unknown> extends Listened {
  readonly result: T;
  readonly error: unknown;
}

export interface IdbStore {
  get(key: string): IdbRequest;
  put(value: unknown, key: string): IdbRequest;
  delete(key: string): IdbRequest;
  getAll(range: unknown): IdbRequest<unknown[]>;
  getAllKeys(range: unknown): IdbRequest<unknown[]>;
}

export interface IdbTransaction extends Listened {
  readonly error: unknown;
  objectStore(name: string): IdbStore;
}

export interface IdbDatabase extends Listened {
  createObjectStore(name: string): unknown;
  transaction(
    store: string,
    mode: 'readonly' | 'readwrite',
    options?: { readonly durability: 'strict' },
  ): IdbTransaction;
  close(): void;
}

export interface BrowserGlobals {
  readonly indexedDB?: {
    open(name: string, version: number): IdbRequest<IdbDatabase>;
  };
  readonly IDBKeyRange?: { bound(lower: string, upper: string): unknown };
  readonly navigator?: {
    readonly locks?: { request<T>(name: string, work: () => Promise<T>): Promise<T> };
  };
  readonly document?: unknown;
  addEventListener?(type: string, listener: () => void): void;
}

/** The globals of whatever this runs in. */
export const browser = globalThis as unknown as BrowserGlobals;
