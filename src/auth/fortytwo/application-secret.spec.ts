import { describe, expect, it } from 'vitest';
import { Metrics } from '../../common/metrics.js';
import { Clock } from '../../common/time/clock.js';
import { ApplicationSecret } from './application-secret.js';

const DAY_MS = 24 * 3600 * 1000;
const START = Date.parse('2026-05-04T00:00:00Z');

class FixedClock extends Clock {
  ms = START;
  override now(): Date {
    return new Date(this.ms);
  }
}

function create() {
  const lines: string[] = [];
  const write = (level: string) => (_: unknown, message: string) => lines.push(`${level}: ${message}`);
  const logger = { info: write('info'), warn: write('warn') };
  const clock = new FixedClock();
  const metrics = new Metrics();
  const secret = new ApplicationSecret(clock, metrics, logger as never);
  const gauge = async () =>
    (await metrics.registry.metrics()).match(/^sealgate_fortytwo_secret\S* (.*)$/m)?.[1];
  return { secret, clock, lines, gauge };
}

const inDays = (days: number): Date => new Date(START + days * DAY_MS);

describe('ApplicationSecret', () => {
  it('warns for the last thirty days, once a day, and only tells before', () => {
    const { secret, clock, lines } = create();
    secret.seen(inDays(31));
    secret.seen(inDays(31));
    expect(lines).toEqual(["info: 42's application secret"]);
    clock.ms += 2 * DAY_MS;
    secret.seen(inDays(31));
    secret.seen(inDays(31));
    expect(lines.slice(1)).toEqual(["warn: 42's application secret runs out soon: renew it"]);
    secret.seen(inDays(400));
    expect(lines.at(-1)).toBe("info: 42's application secret");
  });

  it('is no number in the metrics until 42 has told, and forgets nothing where 42 does not say', async () => {
    const { secret, gauge } = create();
    expect(await gauge()).toBe('Nan');
    secret.seen(inDays(1));
    secret.seen(null);
    expect(await gauge()).toBe(String(inDays(1).getTime() / 1000));
  });
});
