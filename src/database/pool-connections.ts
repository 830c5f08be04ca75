import { performance } from 'node:perf_hooks';
import pg from 'pg';

/** The part of node-postgres' wire protocol that tells whether the other side is still there. */
interface Wire {
  readonly stream: { destroy(): void };
  on(event: 'readyForQuery', listener: () => void): void;
}

/** A connection of the pool that knows since when it waits for an answer, and when it last got one. */
class WatchedClient extends pg.Client {
  /** On the monotonic clock, as all times here; null while nothing is asked. */
  waitingSince: number | null = null;
  /** Null until it is open. */
  answeredAt: number | null = null;
  readonly begunAt = performance.now();
  private readonly wire: Wire;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.wire = (this as unknown as { readonly connection: Wire }).connection;
    this.wire.on('readyForQuery', () => {
      this.answeredAt = performance.now();
      // Where several were sent together, the next one is waited for from now on.
      if (this.waitingSince !== null) this.waitingSince = this.answeredAt;
    });
    this.on('drain', () => (this.waitingSince = null));
    // One that ends between opening and being used: whoever is given it learns so by asking.
    this.on('error', () => undefined);
    // All of its forms: callers' types are those of pg.Client.
    const ask = this.query.bind(this) as (...args: unknown[]) => unknown;
    this.query = ((...args: unknown[]) => {
      this.waitingSince ??= performance.now();
      return ask(...args);
    }) as typeof this.query;
    const end = this.end.bind(this) as (...args: unknown[]) => unknown;
    // In pipeline mode pg would wait for all answers first, of a database that froze as well.
    this.end = ((...args: unknown[]) => {
      if (this.waitingSince !== null) this.giveUp();
      return end(...args);
    }) as typeof this.end;
  }

  /** Whoever waits gets an error at once; the pool forgets the connection. `end()` would wait for the other side. */
  giveUp(): void {
    this.wire.stream.destroy();
  }
}

/**
 * The connections of one pool. A primary that froze, or a network that swallows packets, ends no connection: whoever
 * asked would wait for the kernel to give up, a quarter of an hour later, and the pool would be full of them.
 */
export class PoolConnections {
  private readonly open = new Set<WatchedClient>();

  /** What the pool makes its connections with. */
  readonly Client = ((open: Set<WatchedClient>) =>
    class extends WatchedClient {
      constructor(config?: string | pg.ClientConfig) {
        super(config);
        open.add(this);
        this.once('end', () => open.delete(this));
      }
    })(this.open);

  /** @param since gives up those that have said nothing since then, idle ones too. */
  giveUpSilent(since: number): void {
    for (const client of this.open)
      if (client.answeredAt !== null && client.answeredAt < since) client.giveUp();
  }

  /** @param since gives up those that have tried to open since then. */
  giveUpOpening(since: number): void {
    for (const client of this.open) if (client.answeredAt === null && client.begunAt < since) client.giveUp();
  }

  /** @param since gives up those that have waited for an answer since then. */
  giveUpWaiting(since: number): void {
    for (const client of this.open)
      if (client.waitingSince !== null && client.waitingSince < since) client.giveUp();
  }
}
