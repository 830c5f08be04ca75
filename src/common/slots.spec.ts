import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

/** Work that ends when it is told to. */
function pending(): { work: () => Promise<void>; end: (error?: Error) => void; hasBegun: () => boolean } {
  let begun = false;
  let end: (error?: Error) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  return {
    work: () => {
      begun = true;
      return promise;
    },
    end: (error) => end(error),
    hasBegun: () => begun,
  };
}

describe('Slots', () => {
  it('runs so many at once, the others in their order, and refuses who finds the queue full', async () => {
    const slots = new Slots(2, 2, 1);
    const [a, b, c, d] = [pending(), pending(), pending(), pending()];
    const runs = [a, b, c, d].map(({ work }) => slots.run(work));
    expect([a, b, c, d].map(({ hasBegun }) => hasBegun())).toEqual([true, true, false, false]);
    await expect(slots.run(async () => 1)).rejects.toMatchObject({
      status: 503,
      extras: { headers: { 'retry-after': '1' } },
    });
    b.end();
    await runs[1];
    expect([c.hasBegun(), d.hasBegun()]).toEqual([true, false]);
    for (const { end } of [a, c, d]) end();
    await Promise.all(runs);
    expect(await slots.run(async () => 1)).toBe(1);
  });

  it('frees the slot of what failed', async () => {
    const slots = new Slots(1, 1, 1);
    const failing = pending();
    const [first, second] = [slots.run(failing.work), slots.run(async () => 2)];
    failing.end(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    expect(await second).toBe(2);
    expect(await slots.run(async () => 3)).toBe(3);
  });
});
