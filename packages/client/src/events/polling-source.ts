import type { Http } from '../http/http.js';
import { backoffMs, pause } from '../http/backoff.js';
import { hasCode } from '../errors.js';
import type { MessageRow } from '../messages/message-types.js';
import type { EventSourceHandler } from './event-source.js';

/** Where the poll goes on, kept by the caller. */
export interface PollingPlace {
  read(): Promise<string | undefined>;
  write(cursor: string): Promise<void>;
}

const LIMIT = 100;
const MAX_DELAY_MS = 30_000;

/**
 * Asks again and again for the messages of others. For sealed clients: a stream without an end cannot be sealed, and
 * an open one would show the access token to what lies between.
 */
export class PollingSource {
  constructor(
    private readonly http: Http,
    private readonly userId: string,
    private readonly place: PollingPlace,
    private readonly handler: EventSourceHandler,
    private readonly intervalMs: number,
  ) {}

  /** @throws SealgateError `unauthenticated`; or the signal's reason */
  async follow(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let cursor = await this.place.read();
    let isConnected = false;
    for (;;) {
      try {
        cursor ??= await this.skipToNow(signal);
        if (!isConnected) {
          isConnected = true;
          this.handler.connected();
          await this.handler.event({ event: 'ready', data: '{}', id: null });
        }
        cursor = await this.readOn(cursor, signal);
        failures = 0;
        await pause(this.intervalMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (hasCode(error, 'unauthenticated', 'second_factor_required')) throw error;
        failures += 1;
        const delay = backoffMs(failures, this.intervalMs, MAX_DELAY_MS);
        isConnected = false;
        this.handler.waiting(delay, error);
        await pause(delay, signal);
      }
    }
  }

  /** What is there already is in the histories. */
  private async skipToNow(signal: AbortSignal): Promise<string> {
    let cursor: string | undefined;
    for (;;) {
      const page = await this.page(cursor, signal);
      if (page.items.length === 0) {
        await this.place.write(page.nextCursor);
        return page.nextCursor;
      }
      cursor = page.nextCursor;
    }
  }

  private async readOn(from: string, signal: AbortSignal): Promise<string> {
    let cursor = from;
    for (;;) {
      const page = await this.page(cursor, signal);
      for (const row of page.items)
        await this.handler.event({ event: 'message', data: JSON.stringify(row), id: null });
      if (page.nextCursor !== cursor) await this.place.write(page.nextCursor);
      cursor = page.nextCursor;
      if (page.items.length < LIMIT) return cursor;
    }
  }

  private page(after: string | undefined, signal: AbortSignal) {
    const path = `/api/messages/receive/${encodeURIComponent(this.userId)}`;
    return this.http.json<{ items: MessageRow[]; nextCursor: string }>({
      method: 'GET',
      path,
      query: { after, limit: LIMIT },
      signal,
    });
  }
}
