import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

const refuse = (): Error => new Error('no room');

/** Work that ends when told to. */
function job(): { work: () => Promise<string>; end: () => void; hasBegun: () => boolean } {
  let end = (): void => undefined;
  let begun = false;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return {
    work: async () => {
      begun = true;
      await ended;
      return 'done';
    },
    end: () => end(),
    hasBegun: () => begun,
  };
}

describe('Turns', () => {
  it('lets so many work at once, the others in the order in which they came, and other names freely', async () => {
    const turns = new Turns(1, 10);
    const [first, second, third, other] = [job(), job(), job(), job()];
    const results = [first, second, third].map(({ work }) => turns.take('chat', refuse, work));
    const elsewhere = turns.take('other', refuse, other.work);
    expect([first, second, third, other].map(({ hasBegun }) => hasBegun())).toEqual([
      true,
      false,
      false,
      true,
    ]);
    first.end();
    await results[0];
    await Promise.resolve();
    expect([second.hasBegun(), third.hasBegun()]).toEqual([true, false]);
    second.end();
    third.end();
    other.end();
    expect(await Promise.all([...results, elsewhere])).toEqual(['done', 'done', 'done', 'done']);
  });

  it('gives the turn on after a failure', async () => {
    const turns = new Turns(1, 10);
    const failing = turns.take('chat', refuse, () => Promise.reject(new Error('lost')));
    const next = turns.take('chat', refuse, () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('lost');
    expect(await next).toBe('done');
  });

  it('refuses whom there is no room for', async () => {
    const turns = new Turns(1, 1);
    const [first, second] = [job(), job()];
    const taken = [first, second].map(({ work }) => turns.take('chat', refuse, work));
    await expect(turns.take('chat', refuse, () => Promise.resolve())).rejects.toThrow('no room');
    first.end();
    second.end();
    await Promise.all(taken);
  });
});
