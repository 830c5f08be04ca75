import { expect, it, vi } from 'vitest';
import { bobOpens, people, seal } from '../testing/test-messages.js';
import { openMessage } from './open-message.js';

vi.setConfig({ testTimeout: 60_000 });

/** The quickest of many runs in milliseconds: what the work takes when nothing else gets in the way. */
async function quickest(envelope: unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 40; run += 1) {
    const start = performance.now();
    await openMessage(bobOpens(envelope));
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

it('opens a message to a hundred about as fast as one to two, from the whole envelope', async () => {
  const { bob } = people;
  const few = await seal();
  // Entries of which only Bob's is real, and the last: an opener that tried them all would take a hundred times as long.
  const [real] = few.recipients.filter(({ header }) => header.kid === bob.encryption.jwk.kid);
  const others = Array.from({ length: 99 }, (_, i) => ({
    header: { kid: `${'A'.repeat(38)}${String(i).padStart(4, 'B')}A` },
    encrypted_key: real?.encrypted_key,
  }));
  const many = { ...few, recipients: [...others, real] };
  const [two, hundred] = [await quickest(few), await quickest(many)];
  console.info(`opening: ${two.toFixed(2)} ms of 2, ${hundred.toFixed(2)} ms of 100 recipients`);
  expect(hundred).toBeLessThan(two * 3);
});
