import type { ServerResponse } from 'node:http';
import { sendText } from './http.js';

const windows = [
  { name: 'Secondly', limit: 2, lengthMs: 1000 },
  { name: 'Hourly', limit: 1200, lengthMs: 3_600_000 },
] as const;

/** 42's limits on one application, in fixed windows. */
export class RateLimit {
  readonly #counters = windows.map((window) => ({ ...window, startedAt: 0, used: 0 }));

  constructor(private readonly now: () => number) {}

  /** Counts a request and puts 42's headers on the answer. @returns false when 429 was sent */
  admit(response: ServerResponse): boolean {
    const now = this.now();
    for (const counter of this.#counters) {
      const startedAt = now - (now % counter.lengthMs);
      if (counter.startedAt !== startedAt) Object.assign(counter, { startedAt, used: 0 });
      counter.used += 1;
      response.setHeader(`X-${counter.name}-RateLimit-Limit`, counter.limit);
      response.setHeader(`X-${counter.name}-RateLimit-Remaining`, Math.max(0, counter.limit - counter.used));
    }
    const waits = this.#counters
      .filter(({ used, limit }) => used > limit)
      .map(({ startedAt, lengthMs }) => startedAt + lengthMs - now);
    if (waits.length === 0) return true;
    const retryAfter = String(Math.ceil(Math.max(...waits) / 1000));
    sendText(response, 429, '429 Too Many Requests (Spam Rate Limit Exceeded)', {
      'retry-after': retryAfter,
    });
    return false;
  }
}
