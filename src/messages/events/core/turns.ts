/**
 * Lets a few at a time work under one name; the others wait in the order in which they came. The queue in front of a
 * row lock stands here instead of in the connection pool, which one busy chat would otherwise use up.
 */
export class Turns {
  private readonly queues = new Map<string, { running: number; waiting: (() => void)[] }>();

  /**
   * @param atOnce how many work under one name at the same time.
   * @param maxWaiting how many may wait for one name.
   */
  constructor(
    private readonly atOnce: number,
    private readonly maxWaiting: number,
  ) {}

  /** @param refuse makes the error for whom there is no room. */
  async take<T>(name: string, refuse: () => Error, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(name) ?? { running: 0, waiting: [] };
    this.queues.set(name, queue);
    if (queue.running < this.atOnce) queue.running++;
    else {
      if (queue.waiting.length >= this.maxWaiting) throw refuse();
      await new Promise<void>((resolve) => queue.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      // Whoever is next takes the place over; it never falls free in between.
      const next = queue.waiting.shift();
      if (next !== undefined) next();
      else if (--queue.running === 0) this.queues.delete(name);
    }
  }
}
