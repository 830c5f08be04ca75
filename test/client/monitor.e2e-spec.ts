import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMonitor } from '@sealgate/client/monitor';
import {
  formatEntryBundle,
  formatVerifierKey,
  leafData,
  leafHash,
  type LogEntry,
  makeVerifierKey,
  parseEntryBundle,
} from '@sealgate/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { growLog } from '../crypto/grow-log.js';
import { makeKeys, signUpWithKeys, state, succeeding, type KeyHolder } from '../crypto/key-holder.js';
import { LyingLog } from '../support/lying-log.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let front: LyingLog;
let ada: KeyHolder;
let folder: string;
beforeAll(async () => {
  server = await startTestApp();
  front = await LyingLog.start(server);
  ada = await signUpWithKeys(server);
  for (let i = 0; i < 4; i += 1) await signUpWithKeys(server);
  const second = await state(ada, await makeKeys(), succeeding(ada));
  await ada.browser.post('/api/crypto/generate-keys', { statement: second.json });
});
afterAll(async () => {
  await front.close();
  await server.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealgate-monitor-'));
});
afterEach(async () => {
  front.repent();
  await rm(folder, { recursive: true, force: true });
});

interface Watched {
  status: number;
  said: string;
  complained: string;
}

/** A look at the front, which tells the truth until it is told to lie. */
async function watchOnce(...args: string[]): Promise<Watched> {
  return watch(front.baseUrl, '--once', ...args);
}

async function watch(url: string, ...args: string[]): Promise<Watched> {
  let said = '';
  let complained = '';
  const files = ['--state', join(folder, 'state.json'), '--evidence', join(folder, 'evidence.json')];
  const status = await runMonitor([url, ...files, ...args], {
    print: (line) => void (said += `${line}\n`),
    complain: (line) => void (complained += `${line}\n`),
  });
  return { status, said, complained };
}

const json = async (name: string): Promise<any> => JSON.parse(await readFile(join(folder, name), 'utf8'));
const realKey = async (): Promise<string> => (await server.browser().get('/api/log/key')).body;
const entry = (change: Partial<LogEntry> = {}): LogEntry => ({
  v: 1,
  user: ada.user.id,
  version: 2,
  statement: 'A'.repeat(43),
  ...change,
});

describe('a log that tells the truth', () => {
  it('fits: it pins the key, keeps the head, and reads on from there', async () => {
    const other = await startTestApp();
    const grace = await signUpWithKeys(other);
    const first = await watch(other.baseUrl, '--once');
    expect(first).toMatchObject({ status: 0, complained: '' });
    const key = (await other.browser().get('/api/log/key')).body;
    expect(first.said).toContain(`pinned ${key}`);
    expect(first.said).toMatch(/fits: size 1, root \S{44}, 1 new\n$/);
    expect((await watch(other.baseUrl, '--once')).said).toMatch(/^fits: size 1, root \S{44}, 0 new\n$/);

    const second = await state(grace, await makeKeys(), succeeding(grace));
    await grace.browser.post('/api/crypto/generate-keys', { statement: second.json });
    expect((await watch(other.baseUrl, '--once')).said).toMatch(/^fits: size 2, root \S{44}, 1 new\n$/);
    expect(await json('state.json')).toMatchObject({ size: 2, key, versions: { [grace.user.id]: 2 } });
    expect(await readdir(folder)).toEqual(['state.json']);
    await other.close();
  });

  it('fits under a key that was brought along', async () => {
    const { status, said } = await watchOnce('--key', await realKey());
    expect(status).toBe(0);
    expect(said).not.toContain('pinned');
  });

  it('fits while it is empty, and when it is no longer', async () => {
    const empty = await startTestApp();
    expect(await watch(empty.baseUrl, '--once')).toMatchObject({ status: 0, complained: '' });
    await signUpWithKeys(empty);
    expect((await watch(empty.baseUrl, '--once')).said).toMatch(/^fits: size 1,/);
    await empty.close();
  });

  it('fits over many tiles, from the middle of one on', async () => {
    const large = await startTestApp();
    const entries = await growLog(large, 700);
    const whole = await watch(large.baseUrl, '--once');
    expect(whole).toMatchObject({ status: 0, complained: '' });
    for (let i = 0; i < 3; i += 1) await signUpWithKeys(large);
    expect((await watch(large.baseUrl, '--once')).said).toMatch(/^fits: size 703, root \S{44}, 3 new\n$/);
    expect((await json('state.json')).versions[entries[0]?.user ?? '']).toBe(700);
    await large.close();
  });

  it('is followed until somebody ends it', async () => {
    const ending = new AbortController();
    const lines: string[] = [];
    const status = await runMonitor([front.baseUrl, '--state', join(folder, 's'), '--interval', '1'], {
      print: (line) => {
        lines.push(line);
        if (lines.filter((one) => one.startsWith('fits')).length === 2) ending.abort();
      },
      complain: (line) => void lines.push(line),
      signal: ending.signal,
    });
    expect(status).toBe(0);
    expect(lines.filter((line) => line.startsWith('fits'))).toHaveLength(2);
  });
});

describe('a log that lies is caught, by the check that is named, with evidence', () => {
  it.each<[string, string, (log: LyingLog) => unknown]>([
    ['swaps a key in its history', 'consistency', (log) => log.rewrite(1, entry({ version: 1 })).append(entry({ version: 3 }))],
    ['rewrites its history at the same size', 'consistency', (log) => log.rewrite(2, entry())],
    ['omits an entry of before', 'consistency', (log) => log.omit(2).append(entry({ version: 3 }), entry({ version: 4 }))],
    ['replays an old head', 'old-head', (log) => log.cutTo(3)],
    ['shows a head of another length of history', 'old-head', (log) => log.omit(4)],
    ['withholds a new entry', 'entries', (log) => log.append(entry({ version: 3 }), entry({ version: 4 })).withhold(6)],
    ['adds keys to an account for the second time', 'versions', (log) => log.append(entry({ version: 2 }))],
    ['leaves a version out', 'versions', (log) => log.append(entry({ version: 4 }))],
    ['logs what is no entry', 'entries', (log) => log.append(entry({ version: 3, statement: 'nonsense' }))],
    ['signs with another key', 'signature', (log) => log.signWithAnotherKey()],
    ['signs with another key, and names it', 'key', (log) => log.signWithAnotherKey({ shown: true })],
  ])('%s: %s', async (_, check, lie) => {
    expect((await watchOnce()).status).toBe(0);
    const kept = await readFile(join(folder, 'state.json'), 'utf8');
    lie(front);
    const { status, said, complained } = await watchOnce();
    expect(complained).toContain(`INCONSISTENT (${check})`);
    expect(status).toBe(1);
    expect(said).not.toContain('fits');
    expect(await json('evidence.json')).toMatchObject({
      v: 1,
      url: `${front.baseUrl}/`,
      check,
      pinned: await realKey(),
      evidence: expect.any(Object),
    });
    // What was seen before stays: the next look finds the same.
    expect(await readFile(join(folder, 'state.json'), 'utf8')).toBe(kept);
    expect((await watchOnce()).status).toBe(1);
  }); // prettier-ignore

  it('keeps both heads of a fork as evidence', async () => {
    await watchOnce();
    const before = (await json('state.json')).checkpoint;
    front.rewrite(0, entry());
    await watchOnce();
    const { evidence } = await json('evidence.json');
    expect(evidence).toMatchObject({
      kept: before,
      checkpoint: await front.head(),
      refusal: { reason: 'bad-proof' },
    });
  });

  it('catches one of two monitors’ forks by the state of the other', async () => {
    front.append(entry({ version: 3 }));
    expect((await watchOnce()).status).toBe(0);
    front.repent().append(entry({ version: 3, statement: 'B'.repeat(43) }));
    expect((await watchOnce()).complained).toContain('INCONSISTENT (consistency)');
  });

  it('is caught at the first look too, under a key that was brought along', async () => {
    const key = await realKey();
    front.signWithAnotherKey({ shown: true });
    const { status, complained } = await watchOnce('--key', key);
    expect(status).toBe(1);
    expect(complained).toContain('INCONSISTENT (key)');
    expect(await json('evidence.json')).toMatchObject({ pinned: key });
  });

  it('ends a watch that goes on', async () => {
    await watchOnce();
    front.cutTo(1);
    expect((await watch(front.baseUrl, '--interval', '1')).status).toBe(1);
  });
});

describe('an answer that was changed on the way is caught too', () => {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(0, (bytes[0] ?? 0) ^ 1);

  it.each<[string, RegExp, string, (bytes: Uint8Array) => Uint8Array | number]>([
    ['a tile of hashes', /tile\/0\//, 'tiles', flipped],
    ['a tile of hashes that is missing', /tile\/0\//, 'tiles', () => 404],
    ['entries that are cut off', /tile\/entries/, 'entries', (bytes) => bytes.slice(0, -1)],
    ['entries that are missing', /tile\/entries/, 'entries', () => 404],
    [
      'an entry that was read before',
      /tile\/entries/,
      'entries',
      (bytes) => Buffer.from(text(bytes).replace(/"statement":"../, '"statement":"__'), 'latin1'),
    ],
    ['the proof of the newest entry', /proof\/inclusion/, 'inclusion', () => Buffer.from('{"hashes":[]}')],
    ['a proof that is no JSON', /proof\/inclusion/, 'inclusion', () => Buffer.from('hello')],
    [
      'the proof that the log only grew',
      /proof\/consistency/,
      'consistency',
      () => Buffer.from('{"hashes":[]}'),
    ],
    ['a proof that is refused', /proof\/consistency/, 'consistency', () => 400],
    ['a head that is no note', /checkpoint/, 'signature', () => Buffer.from('hello\n')],
    ['no key', /key/, 'key', () => 404],
    ['a server that cannot', /checkpoint/, 'not reached', () => 503],
    ['a server that has enough', /tile/, 'not reached', () => 429],
  ])('%s', async (_, path, check, change) => {
    await watchOnce();
    front.append(entry({ version: 3 }));
    const { status, complained } = await watchChanged((url, bytes) =>
      path.test(url) ? change(bytes) : bytes,
    );
    expect(complained).toContain(check === 'not reached' ? check : `INCONSISTENT (${check})`);
    expect(status).toBe(check === 'not reached' ? 69 : 1);
  });

  it('entries and hashes that fit each other, and not the head', async () => {
    await watchOnce();
    front.append(entry({ version: 3 }));
    const { complained } = await watchChanged(async (url, bytes) => {
      if (!url.includes('/tile/')) return bytes;
      const bundle = new Uint8Array(
        await (await fetch(url.replace('/tile/0/', '/tile/entries/'))).arrayBuffer(),
      );
      const leaves = parseEntryBundle(bundle, 7).with(
        6,
        leafData(entry({ version: 3, statement: 'C'.repeat(42) + 'A' })),
      );
      return url.includes('entries')
        ? formatEntryBundle(leaves)
        : Buffer.concat(await Promise.all(leaves.map(leafHash)));
    });
    expect(complained).toContain('INCONSISTENT (entries): the entries do not hash to the head');
  });

  type Change = (url: string, bytes: Uint8Array) => Promise<Uint8Array | number> | Uint8Array | number;

  async function watchChanged(change: Change): Promise<Omit<Watched, 'said'>> {
    let complained = '';
    const files = ['--state', join(folder, 'state.json'), '--evidence', join(folder, 'evidence.json')];
    const status = await runMonitor([front.baseUrl, '--once', ...files], {
      print: () => undefined,
      complain: (line) => void (complained += line),
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        const url = input instanceof Request ? input.url : input.toString();
        const changed = await change(url, new Uint8Array(await answer.arrayBuffer()));
        return typeof changed === 'number'
          ? new Response('', { status: changed })
          : new Response(changed as Uint8Array<ArrayBuffer>, { status: answer.status });
      },
    });
    return { status, complained };
  }
});

describe('what proves nothing', () => {
  it('is a server that does not answer', async () => {
    const { status, complained } = await watch('http://127.0.0.1:9', '--once');
    expect(status).toBe(69);
    expect(complained).toMatch(/^not reached: /);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is a state file that is damaged, or of another server or key: it does not begin anew', async () => {
    await watchOnce();
    const file = join(folder, 'state.json');
    const text = await readFile(file, 'utf8');
    expect((await watch(server.baseUrl, '--once')).status).toBe(64);
    const other = await makeVerifierKey('localhost:3000/log', new Uint8Array(32).fill(7));
    expect((await watchOnce('--key', formatVerifierKey(other))).status).toBe(64);
    for (const bad of [
      '',
      '{}',
      text.slice(0, 40),
      text.replace('"v":1', '"v":2'),
      text.replace(/"hashes":\[[^\]]*\]/, '"hashes":3'),
    ]) {
      await writeFile(file, bad);
      expect((await watchOnce()).status).toBe(65);
      expect(await readFile(file, 'utf8')).toBe(bad);
    }
  });

  it.each([
    [[]],
    [['ftp://x']],
    [['x']],
    [['http://a', 'http://b']],
    [['http://a', '--nonsense']],
    [['http://a', '--key', 'x']],
    [['http://a', '--interval', '0']],
    [['http://a?b']],
  ])('is a call like %j', async (args) => {
    let complained = '';
    const status = await runMonitor(args, {
      print: () => undefined,
      complain: (line) => void (complained += line),
    });
    expect(status).toBe(64);
    expect(complained).toContain('npx @sealgate/client monitor');
  });
});
