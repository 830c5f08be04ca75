import { ServiceUnavailable } from '../../common/problem/common.errors.js';

interface Waiting {
  start(): void;
}

/** What a full queue tells clients to wait, in seconds: by then a good part of it is worked off. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Runs at most `concurrency` pieces of work at once, first come first served, and lets at most `capacity` wait.
 * Without a bound a flood of sign-ins would queue for minutes and take the thread pool from everything else.
 */
export class HashQueue {
  private readonly queue: Waiting[] = [];
  private runningCount = 0;

  constructor(
    private readonly concurrency: number,
    private readonly capacity: number,
  ) {}

  get running(): number {
    return this.runningCount;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /**
   * @param signal gives the place in the queue up; work that has begun is finished.
   * @throws ServiceUnavailable where the queue is full: nothing was done.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.runningCount >= this.concurrency) await this.turn(signal);
    else this.runningCount += 1;
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  /** Waits until a slot is handed over; the slot stays counted, so that no newcomer slips in between. */
  private turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.queue.length >= this.capacity) throw new ServiceUnavailable(RETRY_AFTER_SECONDS);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(signal?.reason as Error);
      };
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.queue.push(waiting);
    });
  }

  private passOn(): void {
    const next = this.queue.shift();
    if (next === undefined) this.runningCount -= 1;
    else next.start();
  }
}
