/** One write; `undefined` deletes. */
export type Change = readonly [key: string, value: unknown];

/**
 * Where the client keeps its keys, its place in the key log, and what it knows of chats. Values are structured clones:
 * plain data, and `CryptoKey`s where `holdsCryptoKeys`.
 */
export interface SealgateStorage {
  /**
   * Whether `CryptoKey`s can be stored as handles whose bytes no program can read. Otherwise private keys are stored
   * as JWKs, and the storage has to encrypt them.
   */
  readonly holdsCryptoKeys: boolean;
  get(key: string): Promise<unknown>;
  /** Every entry whose key begins with this. */
  entries(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>;
  /** All of the changes or none; durable when it resolves. */
  write(changes: readonly Change[]): Promise<void>;
  /** Runs `work` while nobody else who uses the same storage (another tab too) runs under this name. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The same storage, with every key below a prefix: one server's or one account's part of it. */
export function scoped(storage: SealgateStorage, scope: string): SealgateStorage {
  const prefix = `${scope}/`;
  return {
    holdsCryptoKeys: storage.holdsCryptoKeys,
    get: (key) => storage.get(prefix + key),
    entries: async (start) =>
      (await storage.entries(prefix + start)).map(
        ([key, value]) => [key.slice(prefix.length), value] as const,
      ),
    write: (changes) => storage.write(changes.map(([key, value]) => [prefix + key, value] as const)),
    lock: (name, work) => storage.lock(prefix + name, work),
    close: () => storage.close(),
  };
}
