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
  it('runs no more at once than it may, and the rest in their order', async () => {
    const queue = new HashQueue(2, 10);
    const order: number[] = [];
    let most = 0;
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) =>
        queue.run(async () => {
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
    const accepted = [queue.run(work), queue.run(work), queue.run(work)];
    expect([queue.running, queue.waiting]).toEqual([1, 2]);
    const refused = await queue.run(work).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ServiceUnavailable);
    expect(refused).toMatchObject({ status: 503, extras: { headers: { 'retry-after': '5' } } });
    open();
    await Promise.all(accepted);
    expect(await queue.run(async () => 'served')).toBe('served');
  });

  it('frees the slot of work that fails', async () => {
    const queue = new HashQueue(1, 2);
    await expect(queue.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(queue.running).toBe(0);
  });

  it('forgets work that was given up while it waited', async () => {
    const queue = new HashQueue(1, 1);
    const { work, open } = gate();
    const first = queue.run(work);
    const abort = new AbortController();
    const given = queue.run(() => Promise.reject(new Error('ran')), abort.signal);
    abort.abort(new Error('gone'));
    await expect(given).rejects.toThrow('gone');
    expect(queue.waiting).toBe(0);
    const next = queue.run(async () => 'next');
    open();
    await first;
    expect(await next).toBe('next');
    await expect(queue.run(work, abort.signal)).rejects.toThrow('gone');
    expect(queue.running).toBe(0);
  });
});
