import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.js';

const down = new Error('down');
const refused = new Error('refused');

function create() {
  const clock = { ms: 0 };
  const changes: boolean[] = [];
  let asked = 0;
  const breaker = new CircuitBreaker({
    now: () => clock.ms,
    maxFaults: 3,
    pauseMs: 1000,
    onChange: (isOpen) => changes.push(isOpen),
  });
  const ask = (work: () => Promise<string>): Promise<string> =>
    breaker
      .run(
        () => {
          asked += 1;
          return work();
        },
        (error) => error === down,
        () => refused,
      )
      .catch((error: Error) => error.message);
  const fail = () => ask(() => Promise.reject(down));
  const answer = () => ask(() => Promise.resolve('answer'));
  return { breaker, clock, changes, ask, fail, answer, asked: () => asked };
}

describe('CircuitBreaker', () => {
  it('opens after the faults in a row, and asks nobody then', async () => {
    const { breaker, changes, fail, answer, asked } = create();
    expect([await fail(), await fail(), await answer()]).toEqual(['down', 'down', 'answer']);
    expect([await fail(), await fail(), breaker.isOpen, await fail()]).toEqual([
      'down',
      'down',
      false,
      'down',
    ]);
    expect(breaker.isOpen).toBe(true);
    expect([await answer(), asked(), changes]).toEqual(['refused', 6, [true]]);
  });

  it('takes an error that the service itself gave for a sign of life', async () => {
    const { breaker, fail, ask } = create();
    await fail();
    await fail();
    expect(await ask(() => Promise.reject(new Error('no')))).toBe('no');
    await fail();
    await fail();
    expect(breaker.isOpen).toBe(false);
  });

  it('lets one probe through after the pause, and closes with its success', async () => {
    const { breaker, changes, clock, fail, ask, answer } = create();
    for (let i = 0; i < 3; i++) await fail();
    clock.ms = 999;
    expect(await answer()).toBe('refused');
    clock.ms = 1000;
    expect(breaker.isOpen).toBe(false);
    let finish: (value: string) => void = () => undefined;
    const probe = ask(() => new Promise((resolve) => (finish = resolve)));
    expect(await answer()).toBe('refused');
    finish('alive');
    expect(await probe).toBe('alive');
    expect([await answer(), breaker.isTripped, changes]).toEqual(['answer', false, [true, false]]);
  });

  it('begins a new pause where the probe fails', async () => {
    const { breaker, clock, fail } = create();
    for (let i = 0; i < 3; i++) await fail();
    clock.ms = 1000;
    expect(await fail()).toBe('down');
    clock.ms = 1999;
    expect(breaker.isOpen).toBe(true);
    clock.ms = 2000;
    expect(breaker.isOpen).toBe(false);
  });
});
