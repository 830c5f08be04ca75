import { describe, expect, it } from 'vitest';
import { KeyMakingTurns } from './key-making-turns.js';

describe('KeyMakingTurns', () => {
  it('runs two at once at most, one for each account, lets eight wait and refuses the others', async () => {
    const turns = new KeyMakingTurns();
    let running = 0;
    let most = 0;
    const finish: (() => void)[] = [];
    const work = async (): Promise<string> => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => finish.push(resolve));
      running--;
      return 'made';
    };
    const all = Array.from({ length: 20 }, (_, i) => turns.run(`account-${i}`, work));
    await expect(turns.run('account-0', work)).rejects.toMatchObject({ status: 503 });
    const outcomes = Promise.allSettled(all);
    let made = 0;
    while (finish.length > 0) {
      finish.shift()?.();
      made++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const settled = await outcomes;
    expect(most).toBeLessThanOrEqual(2);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(made);
    expect(made).toBe(8 + most);
    const later = turns.run('account-0', work);
    await new Promise((resolve) => setImmediate(resolve));
    finish.shift()?.();
    await expect(later).resolves.toBe('made');
  });

  it('gives the turn on where the work fails', async () => {
    const turns = new KeyMakingTurns();
    for (let i = 0; i < 3; i++)
      await expect(turns.run('ada', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(turns.run('ada', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
