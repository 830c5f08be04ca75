import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RotatingPurpose } from '../../src/crypto/key-ring/core/key-life.js';
import { KeyRing } from '../../src/crypto/key-ring/key-ring.service.js';
import { ServerKeyStore } from '../../src/crypto/key-ring/server-key-store.js';
import { publishedLongAgo } from '../support/server-keys.js';
import { until } from '../support/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { post, readServerKeys, SealedClient } from './sealed-client.js';

let one: TestApp;
let two: TestApp;
beforeAll(async () => {
  one = await startTestApp();
  two = await startTestApp({}, one.database);
});
afterAll(async () => {
  await two.close();
  await one.close();
});

/** The next key takes over; it has been published for long enough. */
async function rotate(replica: TestApp, purpose: RotatingPurpose): Promise<void> {
  await publishedLongAgo(one.database);
  expect(await replica.app.get(KeyRing).rotate(purpose)).not.toBeNull();
}

function advance(hours: number): void {
  one.clock.advance(hours * 3600);
  two.clock.advance(hours * 3600);
}

describe('the server’s keys for sealed requests', () => {
  it('are the same on every replica', async () => {
    const client = await SealedClient.of(one);
    const made = await client.seal('GET', '/healthz');
    const { text } = await post(two, 'POST', '/api/sealed', made.jwe);
    expect(await client.open(made, text)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('rotate in the middle of traffic without a failed request', async () => {
    // One keeps the keys that it read before, one reads them anew each time; each asks both replicas.
    const keeping = await SealedClient.of(one);
    const reading = await SealedClient.of(two);
    const state = { asked: 0, isOver: false };
    const live = async (client: SealedClient, isReading: boolean): Promise<void> => {
      for (let i = 0; !state.isOver; i++) {
        if (isReading) client.serverKeys = await readServerKeys(i % 2 === 0 ? one : two);
        const made = await client.seal('GET', '/healthz');
        const { status, text } = await post(i % 3 === 0 ? one : two, 'POST', '/api/sealed', made.jwe);
        expect(status, text).toBe(200);
        expect((await client.open(made, text)).status).toBe(200);
        state.asked += 1;
      }
    };
    const lives = [live(keeping, false), live(keeping, false), live(reading, true), live(reading, true)];
    const traffic = Promise.all(lives).finally(() => (state.isOver = true));
    const serveMore = (goal = state.asked + 30): Promise<void> =>
      until(30_000, async () => state.isOver || state.asked >= goal);
    await serveMore();
    await rotate(one, 'sealed-encryption');
    await serveMore();
    // Once: who keeps a key set for longer than its age asks again when an answer is signed by a key that it lacks.
    await rotate(two, 'sealed-signature');
    await serveMore();
    await rotate(two, 'sealed-encryption');
    await serveMore();
    state.isOver = true;
    await traffic;
    const [before] = keeping.serverKeys.encryption;
    expect((await readServerKeys(two)).encryption[0]?.kid).not.toBe(before?.kid);
  });

  it('open for a day after they were retired, and no longer', async () => {
    const client = await SealedClient.of(one);
    await rotate(two, 'sealed-encryption');
    advance(23);
    expect((await client.get('/healthz')).status).toBe(200);
    advance(2);
    const { jwe } = await client.seal('GET', '/healthz');
    expect((await post(one, 'POST', '/api/sealed', jwe)).status).toBe(400);
  });

  it('open nothing more once they are revoked, on any replica', async () => {
    const client = await SealedClient.of(one);
    const [stolen] = client.serverKeys.encryption;
    await rotate(one, 'sealed-encryption');
    expect((await client.get('/healthz')).status).toBe(200);
    await two.app.get(ServerKeyStore).revoke(stolen?.kid ?? '');
    for (const replica of [one, two]) {
      const { jwe } = await client.seal('GET', '/healthz');
      expect((await post(replica, 'POST', '/api/sealed', jwe)).status).toBe(400);
    }
  });
});
