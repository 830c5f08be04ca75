import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { post, SealedClient } from './sealed-client.js';
import { forge, refusals } from './sealed-forgeries.js';

let server: TestApp;
let client: SealedClient;
beforeAll(async () => {
  server = await startTestApp();
  client = await SealedClient.of(server);
});
afterAll(() => server.close());

const TRIES = 200;
/** What else the machine does is noise that more tries even out. The noise decides how many, never the outcome. */
const MOST_BATCHES = 4;
/** How many are under way at once: refusals are mostly waiting. */
const LANES = 4;
/** Between the quickest kind and the slowest. It is 0.2 here; 6 without the wait, 20 without the equal work too. */
const BOUND_MS = 3;
/** Each fails at another place: before the decryption, in it, behind it, and in the database. */
const KINDS = [
  'no JWE',
  'an unknown key',
  'another encrypted key',
  'another tag',
  'no JSON',
  'a client key with e = 1',
  'from yesterday',
  'another path',
];

describe('the time of a refusal', () => {
  it('tells nothing of its reason', { timeout: 180_000 }, async () => {
    const replay = await forge(client, {});
    expect((await post(server, 'POST', '/auth/register', replay)).status).toBe(200);
    const all = await refusals(client);
    const bodies = new Map<string, string>([
      ...KINDS.map((kind) => [kind, all[kind] ?? ''] as const),
      ['a replay', replay],
    ]);
    const times = new Map<string, number[]>([...bodies.keys()].map((kind) => [kind, []]));
    // What is compiled and cached by the first ones is no difference between the kinds.
    await play(bodies, 10);
    for (let batch = 0; batch < MOST_BATCHES && noiseOf(times) > BOUND_MS / 2; batch++)
      for (const { kind, ms } of await play(bodies, TRIES)) times.get(kind)?.push(ms);
    const medians = [...times].map(([kind, of]) => ({ kind, ms: median(of) }));
    const spread = Math.max(...medians.map(({ ms }) => ms)) - Math.min(...medians.map(({ ms }) => ms));
    expect(spread, JSON.stringify(medians)).toBeLessThan(BOUND_MS);
  });
});

/** By how much one half of a kind's tries differs from the other, at most: infinite before there are any. */
function noiseOf(times: ReadonlyMap<string, readonly number[]>): number {
  const halves = [...times.values()].map((of) =>
    [0, 1].map((half) => median(of.filter((_, i) => i % 2 === half))),
  );
  const noise = Math.max(...halves.map(([a = Number.NaN, b = Number.NaN]) => Math.abs(a - b)));
  return Number.isNaN(noise) ? Infinity : noise;
}

/** Sends each kind so many times, the kinds in an order of chance. */
async function play(
  bodies: ReadonlyMap<string, string>,
  times: number,
): Promise<{ kind: string; ms: number }[]> {
  const tries = Array.from({ length: times }, () => shuffled([...bodies.keys()])).flat();
  const taken: { kind: string; ms: number }[] = [];
  const lane = async (): Promise<void> => {
    for (let kind = tries.shift(); kind !== undefined; kind = tries.shift()) {
      const begun = performance.now();
      const { status } = await post(server, 'POST', '/auth/register', bodies.get(kind) ?? '');
      taken.push({ kind, ms: performance.now() - begun });
      expect(status).toBe(400);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return taken;
}

function shuffled<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
