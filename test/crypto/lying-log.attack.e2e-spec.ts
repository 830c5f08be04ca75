import {
  leafData,
  leafHash,
  logEntryOf,
  ProtocolError,
  parseVerifierKey,
  verifyCheckpoint,
  type Checkpoint,
  type LogEntry,
} from '@sealgate/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LyingLog } from '../support/lying-log.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { makeKeys, signUpWithKeys, state, type KeyHolder } from './key-holder.js';
import { LogReader } from './log-reader.js';

let server: TestApp;
let front: LyingLog;
let other: LyingLog;
let ada: KeyHolder;
let seen: LogReader;
/** What a client keeps: the head it saw before the lies, and the key that signed it. */
let kept: Checkpoint;
let key: string;
beforeAll(async () => {
  server = await startTestApp();
  [front, other] = [await LyingLog.start(server), await LyingLog.start(server)];
  ada = await signUpWithKeys(front);
  for (let i = 0; i < 4; i += 1) await signUpWithKeys(server);
  seen = new LogReader(front.browser());
  kept = await seen.head();
  key = (await front.browser().get('/api/log/key')).body;
});
afterAll(async () => {
  await front.close();
  await other.close();
  await server.close();
});
afterEach(() => [front, other].forEach((log) => log.repent()));

const entry = (change: Partial<LogEntry> = {}): LogEntry => ({
  v: 1,
  user: ada.user.id,
  version: 2,
  statement: 'A'.repeat(43),
  ...change,
});

async function reason(call: () => Promise<unknown>): Promise<string | undefined> {
  return call().then(
    () => undefined,
    (error: unknown) =>
      error instanceof ProtocolError ? error.reason : `not refused by a proof: ${String(error)}`,
  );
}

const pinned = async (log: LyingLog) => verifyCheckpoint(await log.head(), await parseVerifierKey(key));

// The protocol's checks on the adversary: this shows that the lies are good ones (signed, with proofs that fit), and
// which check the protocol has against each.
describe('a log server that lies', () => {
  it('is a good server as long as it tells the truth', async () => {
    expect(await seen.head()).toEqual(await new LogReader(server.browser()).head());
    await seen.requireConsistent(kept, await seen.head());
    const { body } = await ada.browser.get(`/api/crypto/keys/${ada.user.id}`);
    const { index, checkpoint, hashes } = body.keys[0].log;
    await seen.requireIncluded(logEntryOf(ada.statement), index, await seen.verify(checkpoint), hashes);
  });

  it('that swaps a key has no proof for it', async () => {
    const forged = await state(ada, await makeKeys());
    await front.swapKeys(ada.user.id, [forged.json]);
    const { body } = await ada.browser.get(`/api/crypto/keys/${ada.user.id}`);
    const { index, checkpoint, hashes } = body.keys[0].log;
    const head = await seen.verify(checkpoint);
    expect(await reason(() => seen.requireIncluded(logEntryOf(forged), index, head, hashes))).toBe(
      'bad-proof',
    );
  });

  it('that swaps a key and logs it for one viewer has a proof, and shows a second first version to who reads on', async () => {
    const forged = await state(ada, await makeKeys());
    await front.swapKeys(ada.user.id, [forged.json], { logged: true });
    const { body } = await ada.browser.get(`/api/crypto/keys/${ada.user.id}`);
    const { index, checkpoint, hashes } = body.keys[0].log;
    const head = await seen.verify(checkpoint);
    await seen.requireIncluded(logEntryOf(forged), index, head, hashes);
    await seen.requireConsistent(kept, head);
    const own = (await seen.entries(0, head.size)).filter(({ user }) => user === ada.user.id);
    expect(own.map(({ version }) => version)).toEqual([1, 1]);
  });

  it('that rewrites history cannot prove that the log only grew', async () => {
    front.rewrite(1, entry()).append(entry({ version: 3 }));
    const head = await pinned(front);
    expect(head.size).toBe(kept.size + 1);
    expect(await reason(() => seen.requireConsistent(kept, head))).toBe('bad-proof');
  });

  it('that omits an entry cannot either', async () => {
    front.omit(2).append(entry(), entry({ version: 3 }));
    const head = await pinned(front);
    expect(await reason(() => seen.requireConsistent(kept, head))).toBe('bad-proof');
  });

  it('that shows two people two logs of one size shows two roots', async () => {
    front.append(entry());
    other.append(entry({ version: 3 }));
    const [one, two] = [await pinned(front), await pinned(other)];
    expect(one.size).toBe(two.size);
    expect(await reason(() => seen.requireConsistent(one, two))).toBe('bad-proof');
  });

  it('that shows two people forks of different sizes has no proof from one to the other', async () => {
    front.append(entry());
    other.append(entry({ version: 3 }), entry({ version: 4 }));
    const [one, two] = [await pinned(front), await pinned(other)];
    expect(two.size).toBe(one.size + 1);
    expect(await reason(() => new LogReader(other.browser()).requireConsistent(one, two))).toBe('bad-proof');
  });

  it('that replays an old head shows a smaller log', async () => {
    front.cutTo(3);
    const old = await front.head();
    front.repent().replay(old);
    const head = await seen.head();
    expect(head.size).toBe(3);
    expect(await reason(() => seen.requireConsistent(head, kept))).toBe(undefined);
  });

  it('that withholds an entry hands out entries that do not hash to the head', async () => {
    front.withhold(2);
    const shown = await seen.entries(0, kept.size);
    expect(shown).toHaveLength(kept.size - 1);
    const leaf = await leafHash(leafData(shown[2] ?? entry()));
    expect(leaf).not.toEqual(
      await leafHash(leafData((await new LogReader(server.browser()).entries(2, 3))[0] ?? entry())),
    );
  });

  it('that signs with another key does not verify under the pinned one', async () => {
    front.signWithAnotherKey();
    expect(await reason(() => pinned(front))).toBe('bad-signature');
    front.signWithAnotherKey({ shown: true });
    expect((await front.browser().get('/api/log/key')).body).not.toBe(key);
    expect(await seen.head()).toMatchObject({ size: kept.size });
    expect(await reason(() => pinned(front))).toBe('bad-signature');
  });
});
