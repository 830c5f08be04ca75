import type { ServerResponse } from 'node:http';
import { formatEventId } from './core/event-id.js';
import { SSE_HEARTBEAT, sseEvent } from './core/sse.js';
import type { Chunk } from './core/to-chunks.js';

/**
 * One client's open answer. It never holds more than one chunk that the socket did not take: what comes later is read
 * from the database again when the socket is free.
 */
export class EventStream {
  private blockedSince: number | null = null;

  constructor(
    readonly userId: string,
    readonly sessionId: string,
    private readonly response: ServerResponse,
    /** Up to where the client has been told. */
    public position: number,
  ) {}

  get isReady(): boolean {
    return this.blockedSince === null && !this.response.destroyed && !this.response.writableEnded;
  }

  /** Writes until the socket is full. */
  deliver(chunks: readonly Chunk[]): void {
    for (const { bytes, upTo } of chunks) {
      if (!this.isReady) return;
      this.position = upTo;
      if (bytes !== null) this.write(bytes);
    }
  }

  /** The first words: the stream starts here, or anew. */
  greet(event: 'ready' | 'reset', nowSeconds: number): void {
    this.write(sseEvent(event, formatEventId({ position: this.position, at: nowSeconds }), '{}'));
  }

  write(bytes: Buffer | string): void {
    if (!this.response.write(bytes) && this.blockedSince === null) this.blockedSince = performance.now();
  }

  beat(): void {
    if (this.isReady) this.write(SSE_HEARTBEAT);
  }

  /** The socket took everything. */
  unblock(): void {
    this.blockedSince = null;
  }

  /** Gives up on a client that has not read for so long; it may come back and resume. */
  dropIfBlockedFor(ms: number): void {
    if (this.blockedSince !== null && performance.now() - this.blockedSince > ms) this.response.destroy();
  }

  /** The last words of a stream whose session has ended. */
  endSession(nowSeconds: number): void {
    if (this.response.writableEnded) return;
    const id = formatEventId({ position: this.position, at: nowSeconds });
    this.response.end(sseEvent('session', id, JSON.stringify({ id: this.sessionId, ended: true })));
  }

  end(): void {
    this.response.end();
  }
}
