import { ServiceUnavailable } from '../../common/problem/common.errors.js';

interface Waiting {
  readonly lane: string;
  start(): void;
  refuse(reason: Error): void;
}

/** What a full queue tells clients to wait, in seconds: by then a good part of it is worked off. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Runs at most `concurrency` pieces of work at once and lets at most `capacity` wait. Without a bound a flood of
 * sign-ins would queue for minutes and take the thread pool from everything else.
 *
 * Whoever waits stands in a lane, such as the network that the request came from; lanes take turns, so that a flood in
 * one delays the others by one piece of work and not by its length (fair queueing, RFC 970). Where the queue is full,
 * the newest of the longest lane makes room for somebody in a shorter one.
 */
export class HashQueue {
  /** In the order of their turns; a lane that is empty is gone. */
  private readonly lanes = new Map<string, Waiting[]>();
  private runningCount = 0;
  private waitingCount = 0;

  constructor(
    private readonly concurrency: number,
    private readonly capacity: number,
  ) {}

  get running(): number {
    return this.runningCount;
  }

  get waiting(): number {
    return this.waitingCount;
  }

  /** @throws ServiceUnavailable where the queue is full: nothing was done. */
  async run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    if (this.runningCount >= this.concurrency) await this.turn(lane);
    else this.runningCount += 1;
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  /** Waits until a slot is handed over; the slot stays counted, so that no newcomer slips in between. */
  private turn(lane: string): Promise<void> {
    if (this.waitingCount >= this.capacity) this.makeRoom(lane);
    return new Promise((resolve, reject) => {
      const queue = this.lanes.get(lane) ?? [];
      queue.push({ lane, start: resolve, refuse: reject });
      this.lanes.set(lane, queue);
      this.waitingCount += 1;
    });
  }

  /** @throws ServiceUnavailable where no lane is longer than the newcomer's would be. */
  private makeRoom(lane: string): void {
    const [longest, queue] = [...this.lanes].reduce((a, b) => (b[1].length > a[1].length ? b : a));
    const own = this.lanes.get(lane)?.length ?? 0;
    if (queue.length <= own + 1) throw new ServiceUnavailable(RETRY_AFTER_SECONDS);
    const newest = queue.pop();
    if (queue.length === 0) this.lanes.delete(longest);
    this.waitingCount -= 1;
    newest?.refuse(new ServiceUnavailable(RETRY_AFTER_SECONDS));
  }

  private passOn(): void {
    const [turn] = this.lanes;
    if (turn === undefined) {
      this.runningCount -= 1;
      return;
    }
    const [lane, queue] = turn;
    const next = queue.shift();
    // To the end of the round, or out of it.
    this.lanes.delete(lane);
    if (queue.length > 0) this.lanes.set(lane, queue);
    this.waitingCount -= 1;
    next?.start();
  }
}
