import { expect } from 'vitest';
import type { Browser } from '../../support/browser.js';

/** One event of a stream; `data` is parsed. */
export interface Heard {
  id: string;
  event: string;
  data: any; // eslint-disable-line -- a test looks into it and asserts
}

/** A client that reads an event stream, as EventSource does. */
export class EventReader {
  readonly heard: Heard[] = [];
  isOver = false;
  private changed = (): void => undefined;

  private constructor(
    readonly response: Response,
    private readonly abort: AbortController,
  ) {
    this.read().catch(() => {
      this.isOver = true;
      this.changed();
    });
  }

  /** Opens a stream, which must be answered. */
  static async open(browser: Browser, lastEventId?: string): Promise<EventReader> {
    const reader = await EventReader.ask(browser, lastEventId);
    expect(reader.response.status).toBe(200);
    return reader;
  }

  static async ask(browser: Browser, lastEventId?: string): Promise<EventReader> {
    const abort = new AbortController();
    const cookie = [...browser.cookies]
      .filter(([, { path }]) => path === '/')
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(new URL('/api/events', browser.baseUrl), {
      headers: { cookie, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
      signal: abort.signal,
    });
    return new EventReader(response, abort);
  }

  get lastId(): string {
    return this.heard.at(-1)?.id ?? '';
  }

  /** Waits until something that was heard fits. */
  async until(fits: (heard: Heard) => boolean): Promise<Heard> {
    for (;;) {
      const found = this.heard.find(fits);
      if (found !== undefined) return found;
      if (this.isOver) throw new Error(`the stream is over; heard ${JSON.stringify(this.heard)}`);
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
  }

  /** Waits for so many events of a name. */
  async count(event: string, count: number): Promise<Heard[]> {
    await this.until(() => this.of(event).length >= count);
    return this.of(event);
  }

  of(event: string): Heard[] {
    return this.heard.filter((heard) => heard.event === event);
  }

  /** Waits for the server to end the stream. */
  async end(): Promise<void> {
    while (!this.isOver) await new Promise<void>((resolve) => (this.changed = resolve));
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of this.response.body ?? []) {
      const blocks = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
      this.changed();
    }
    this.isOver = true;
    this.changed();
  }

  private take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    this.heard.push({
      id: fields.get('id') ?? '',
      event: fields.get('event') ?? '',
      data: JSON.parse(data) as unknown,
    });
  }
}
