import { ServiceUnavailable } from './problem/common.errors.js';

/**
 * Runs at most `concurrency` pieces of work at once, first come first served, and lets at most `capacity` wait: without
 * a bound, a flood of work that anybody may ask for would keep the thread pool from everything else.
 */
export class Slots {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(
    concurrency: number,
    private readonly capacity: number,
    /** What a full queue tells clients to wait, in seconds. */
    private readonly retryAfter: number,
  ) {
    this.free = concurrency;
  }

  /** @throws ServiceUnavailable where the queue is full: nothing was done. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      // Handed over rather than given back, so that no newcomer slips in between.
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.capacity) throw new ServiceUnavailable(this.retryAfter);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
