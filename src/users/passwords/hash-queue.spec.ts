import { describe, expect, it } from 'vitest';
import { ServiceUnavailable } from '../../common/problem/common.errors.js';
import { HashQueue } from './hash-queue.js';

/** Work that ends when the test says so. */
function gate(): { work: () => Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { work: () => opened, open };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('HashQueue', () => {
  it('runs no more at once than it may, and the rest of a lane in its order', async () => {
    const queue = new HashQueue(2, 10);
    const order: number[] = [];
    let most = 0;
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) =>
        queue.run('lane', async () => {
          order.push(n);
          most = Math.max(most, queue.running);
          await settle();
        }),
      ),
    );
    expect(order).toEqual([1, 2, 3, 4, 5, 6]);
    expect(most).toBe(2);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('refuses with 503 and retry-after once its bound is reached, and takes work again afterwards', async () => {
    const queue = new HashQueue(1, 2);
    const { work, open } = gate();
    const accepted = [queue.run('a', work), queue.run('a', work), queue.run('a', work)];
    expect([queue.running, queue.waiting]).toEqual([1, 2]);
    const refused = await queue.run('a', work).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ServiceUnavailable);
    expect(refused).toMatchObject({ status: 503, extras: { headers: { 'retry-after': '5' } } });
    open();
    await Promise.all(accepted);
    expect(await queue.run('a', async () => 'served')).toBe('served');
  });

  it('lets lanes take turns, however long one of them is', async () => {
    const queue = new HashQueue(1, 100);
    const order: string[] = [];
    const add = (lane: string): Promise<void> =>
      queue.run(lane, async () => {
        order.push(lane);
      });
    const flood = Array.from({ length: 20 }, () => add('flood'));
    await Promise.all([...flood, add('ada'), add('ada'), add('bob')]);
    expect(order.slice(0, 8)).toEqual(['flood', 'flood', 'ada', 'bob', 'flood', 'ada', 'flood', 'flood']);
    expect(order).toHaveLength(23);
  });

  it('makes room in the longest lane where it is full', async () => {
    const queue = new HashQueue(1, 4);
    const { work, open } = gate();
    const flood = Array.from({ length: 5 }, () => queue.run('flood', work));
    const outcomes = Promise.allSettled(flood);
    const ada = queue.run('ada', async () => 'served');
    expect(queue.waiting).toBe(4);
    // Two of three each: nobody is pushed out to make them equal, and nobody is let in twice.
    const bob = queue.run('bob', async () => 'served');
    open();
    expect(await Promise.all([ada, bob])).toEqual(['served', 'served']);
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('refuses who would make their own lane the longest', async () => {
    const queue = new HashQueue(1, 2);
    const { work, open } = gate();
    const accepted = [queue.run('running', work), queue.run('a', work), queue.run('b', work)];
    await expect(queue.run('a', work)).rejects.toBeInstanceOf(ServiceUnavailable);
    await expect(queue.run('c', work)).rejects.toBeInstanceOf(ServiceUnavailable);
    open();
    await Promise.all(accepted);
  });

  it('frees the slot of work that fails', async () => {
    const queue = new HashQueue(1, 2);
    await expect(queue.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(queue.running).toBe(0);
  });
});
