import { median, ratio, row } from './rounds.mjs';

/**
 * Loads a listener for a while.
 * @returns answers a second, and what one costs the listener's process in microseconds of CPU.
 * @throws where an answer is not the expected one: refusals are quick.
 */
export async function throughput(load, listener, job) {
  const cpuBefore = listener.cpuMs();
  const { answers, others, sample, ...rest } = await load({ port: listener.port, ...job });
  if (others > 0 || answers === 0)
    throw new Error(`${others} of ${answers + others} answers are not as expected: ${sample}`);
  return { ...rest, cpu: ((listener.cpuMs() - cpuBefore) * 1000) / answers };
}

/** A line of the table about throughput. */
export function throughputRow(name, own, other, mark, unit = 'answers') {
  const rates = (rounds) => rounds.map(({ perSecond }) => perSecond);
  const figures = (rounds) => {
    const cpu =
      rounds[0].cpu === undefined ? '' : ` (${Math.round(median(rounds.map((r) => r.cpu)))} µs of CPU each)`;
    return `${Math.round(median(rates(rounds)))}${cpu}`;
  };
  const detail = `${figures(own)} to ${figures(other)} ${unit} a second`;
  return row(name, ratio(rates(own), rates(other)), '≥', mark, detail);
}
