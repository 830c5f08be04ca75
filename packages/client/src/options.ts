import type { RetryOptions } from './http/http.js';
import { browser } from './storage/browser-globals.js';
import { IndexedDbStorage } from './storage/indexed-db-storage.js';
import { MemoryStorage } from './storage/memory-storage.js';
import { scoped, type SealgateStorage } from './storage/storage.js';

/** How to reach a server, and what to keep where. */
export interface SealgateOptions {
  /** The server's `PUBLIC_URL`. In a page that the server delivers: `location.origin`. */
  readonly baseUrl: string;
  /** Another `fetch`, for proxies and tests. */
  readonly fetch?: typeof fetch;
  /** IndexedDB in browsers; in Node memory, unless `fileStorage()` of `@sealgate/client/node` is given. */
  readonly storage?: SealgateStorage;
  /** Where the session's tokens travel: `cookies` in browsers, `body` elsewhere, and always where `sealed`. */
  readonly tokens?: 'cookies' | 'body';
  /** Seals every request to the server, for those who must not trust what lies between. */
  readonly sealed?: boolean;
  /** The verifier key of the server's key log, from another source than the server; otherwise the first seen is kept. */
  readonly pinnedLogKey?: string;
  /** A BCP 47 language tag for what the server writes to people. */
  readonly locale?: string;
  /** Milliseconds to wait for an answer: 30 000. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryOptions>;
}

/** The options with everything decided. */
export interface Settings {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly storage: SealgateStorage;
  readonly tokensInBody: boolean;
  readonly sealed: boolean;
  readonly pinnedLogKey: string | undefined;
  readonly locale: string | undefined;
  readonly timeoutMs: number;
  readonly retry: RetryOptions;
}

/** @throws TypeError for a `baseUrl` that is none */
export function settle(options: SealgateOptions): Settings {
  const url = new URL(options.baseUrl);
  const isPage = browser.document !== undefined;
  const sealed = options.sealed ?? false;
  const storage =
    options.storage ??
    (browser.indexedDB === undefined ? new MemoryStorage() : new IndexedDbStorage('sealgate'));
  return {
    baseUrl: url.href,
    fetch: options.fetch ?? ((...args) => fetch(...args)),
    storage: scoped(storage, url.host),
    tokensInBody: sealed || (options.tokens ?? (isPage ? 'cookies' : 'body')) === 'body',
    sealed,
    pinnedLogKey: options.pinnedLogKey,
    locale: options.locale,
    timeoutMs: options.timeoutMs ?? 30_000,
    retry: { retries: 3, baseDelayMs: 300, maxRetryAfter: 10, ...options.retry },
  };
}
