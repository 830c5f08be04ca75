import { browser, type IdbDatabase, type IdbRequest } from './browser-globals.js';
import { NamedMutex } from './mutex.js';
import type { Change, SealgateStorage } from './storage.js';

const STORE = 'values';

/**
 * The browser's database. Private keys are kept as handles that no script can read, and locks hold over all tabs.
 * Browsers may clear it: `navigator.storage.persist()` asks them not to.
 */
export class IndexedDbStorage implements SealgateStorage {
  readonly holdsCryptoKeys = true;
  private readonly mutex = new NamedMutex();
  private opened: Promise<IdbDatabase> | undefined;

  /** @param name of the database; one for each server. */
  constructor(private readonly name: string) {}

  async get(key: string): Promise<unknown> {
    const store = (await this.database()).transaction(STORE, 'readonly').objectStore(STORE);
    return result(store.get(key));
  }

  async entries(prefix: string): Promise<readonly (readonly [string, unknown])[]> {
    const range = browser.IDBKeyRange?.bound(prefix, `${prefix}\uffff`);
    const store = (await this.database()).transaction(STORE, 'readonly').objectStore(STORE);
    const [keys, values] = await Promise.all([result(store.getAllKeys(range)), result(store.getAll(range))]);
    return keys.map((key, i) => [String(key), values[i]] as const);
  }

  async write(changes: readonly Change[]): Promise<void> {
    const database = await this.database();
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
      const fail = () => reject(asError(transaction.error));
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('error', fail);
      transaction.addEventListener('abort', fail);
      const store = transaction.objectStore(STORE);
      for (const [key, value] of changes) {
        if (value === undefined) store.delete(key);
        else store.put(value, key);
      }
    });
  }

  lock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const locks = browser.navigator?.locks;
    if (locks === undefined) return this.mutex.run(name, work);
    return locks.request(`${this.name}:${name}`, work);
  }

  async close(): Promise<void> {
    (await this.opened)?.close();
    this.opened = undefined;
  }

  private database(): Promise<IdbDatabase> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private open(): Promise<IdbDatabase> {
    const { indexedDB } = browser;
    if (indexedDB === undefined) throw new TypeError('this is no browser with IndexedDB');
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
      request.addEventListener('blocked', () =>
        reject(new Error('another tab holds an older database open')),
      );
      request.addEventListener('error', () => reject(asError(request.error)));
      request.addEventListener('success', () => {
        const database = request.result;
        const forget = () => (this.opened = undefined);
        database.addEventListener('close', forget);
        database.addEventListener('versionchange', () => {
          database.close();
          forget();
        });
        resolve(database);
      });
    });
  }
}

function result<T>(request: IdbRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(asError(request.error)));
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the database of the browser refused', { cause: error });
}
