import { clientError, SealgateError } from '../errors.js';
import { backoffMs, pause } from '../http/backoff.js';
import type { Http } from '../http/http.js';
import { headersOf } from '../http/plain-transport.js';
import { problemOf } from '../http/problem.js';
import { type RawEvent, SseParser } from './sse-parser.js';

/** How the stream is read. */
export interface EventSourceOptions {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly locale: string | undefined;
  /** The server sends something at least every 20 s; a stream silent for longer than this is dead. */
  readonly silenceMs: number;
  readonly baseDelayMs: number;
  /** Polls for messages instead, sealed, so often. */
  readonly pollMs: number | null;
}

const MAX_DELAY_MS = 30_000;

/** What the reader of a stream is told. */
export interface EventSourceHandler {
  /** The next begins when this one is done. */
  event(event: RawEvent): Promise<void>;
  connected(): void;
  waiting(retryInMs: number, reason: unknown): void;
}

/**
 * Follows the stream over `fetch`, which works alike in browsers and Node and can send an `Authorization`. Comes back
 * after faults with `Last-Event-ID`, so that nothing is missing and nothing comes twice.
 */
export class ReconnectingEventSource {
  constructor(
    private readonly http: Http,
    private readonly options: EventSourceOptions,
    private lastEventId: string | null,
    private readonly handler: EventSourceHandler,
  ) {}

  /**
   * Resolves when the session has ended.
   *
   * @throws SealgateError what coming back does not mend, such as `unauthenticated`; or the signal's reason
   */
  async follow(signal: AbortSignal): Promise<void> {
    let failures = 0;
    for (;;) {
      let reason: unknown;
      try {
        const isOver = await this.readOnce(signal, () => (failures = 0));
        if (isOver) return;
      } catch (error) {
        signal.throwIfAborted();
        if (isFinal(error)) throw error;
        reason = error;
      }
      failures += 1;
      const busy = reason instanceof SealgateError ? (reason.retryAfter ?? 0) * 1000 : 0;
      const delay = Math.max(busy, backoffMs(failures, this.options.baseDelayMs, MAX_DELAY_MS));
      this.handler.waiting(delay, reason);
      await pause(delay, signal);
    }
  }

  /** @returns true where the server has said that the session is over */
  private async readOnce(signal: AbortSignal, onConnected: () => void): Promise<boolean> {
    const silence = new AbortController();
    let alarm: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => silence.abort(), this.options.silenceMs);
    };
    const either = AbortSignal.any([signal, silence.signal]);
    listen();
    try {
      const response = await this.open(either);
      onConnected();
      this.handler.connected();
      const parser = new SseParser();
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return false;
        listen();
        for (const event of parser.push(value)) {
          await this.handler.event(event);
          if (event.id !== null) this.lastEventId = event.id;
          if (event.event === 'session') return true;
        }
      }
    } catch (cause) {
      if (silence.signal.aborted) throw clientError('timeout', 'the stream went silent', { cause });
      if (cause instanceof SealgateError) throw cause;
      throw clientError('network', 'the stream broke off', { cause });
    } finally {
      clearTimeout(alarm);
      // What is left of a stream that ended early is not read.
      silence.abort();
    }
  }

  private async open(signal: AbortSignal): Promise<Response> {
    const seen = await this.http.session.read();
    const response = await this.ask(signal, seen.accessToken);
    if (response.status !== 401) return requireStream(response);
    const error = await problem(response);
    if (error.code !== 'unauthenticated' || !(await this.http.refresh(seen))) throw error;
    const { accessToken } = await this.http.session.read();
    return requireStream(await this.ask(signal, accessToken));
  }

  private ask(signal: AbortSignal, accessToken: string | undefined): Promise<Response> {
    const { baseUrl, fetch } = this.options;
    return fetch(new URL('/api/events', baseUrl), {
      signal,
      credentials: 'include',
      redirect: 'error',
      headers: {
        accept: 'text/event-stream',
        ...headersOf(this.options, accessToken, undefined),
        ...(this.lastEventId === null ? {} : { 'last-event-id': this.lastEventId }),
      },
    });
  }
}

async function requireStream(response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  if (response.ok && type.startsWith('text/event-stream')) return response;
  throw await problem(response);
}

async function problem(response: Response): Promise<SealgateError> {
  const text = await response.text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy's page, say.
  }
  return problemOf({ status: response.status, headers: response.headers, body });
}

/** Whether coming back would end in the same way. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof SealgateError)) return false;
  return error.status !== null && error.status < 500 && error.status !== 429 && error.status !== 408;
}
