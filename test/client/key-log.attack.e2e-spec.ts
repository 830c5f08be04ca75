import { type Alarm, hasCode } from '@sealgate/client';
import { type LogEntry, logEntryOf, makeKeyStatement, type VerifiedKeyStatement } from '@sealgate/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testKeys } from '../../packages/protocol/src/testing/test-keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type ClientPerson, newDevice, signUp } from './client.js';
import { type HostileProxy, startHostileProxy } from './hostile-proxy.js';
import { LyingLog, otherLogKey, serversSignature, type SignHead } from './lying-log.js';

let server: TestApp;
let proxy: HostileProxy;
beforeAll(async () => {
  server = await startTestApp();
  proxy = await startHostileProxy(server.baseUrl);
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});
afterEach(() => proxy.tamper(null));

async function withKeys(baseUrl = server.baseUrl): Promise<ClientPerson> {
  const person = await signUp(baseUrl);
  await person.client.keys.ensure();
  return person;
}

async function realEntries(): Promise<LogEntry[]> {
  const checkpoint = await (await fetch(`${server.baseUrl}/api/log/checkpoint`)).text();
  const end = Number(checkpoint.split('\n')[1]);
  const answer = await fetch(`${server.baseUrl}/api/log/entries?start=0&end=${end}`);
  return ((await answer.json()) as { entries: LogEntry[] }).entries;
}

/** A first statement for somebody, by keys that are the attacker's. */
async function forgedStatement(user: string): Promise<VerifiedKeyStatement> {
  return makeKeyStatement({
    user,
    version: 1,
    keys: await testKeys('eve'),
    previous: null,
    reset: false,
    createdAt: new Date().toISOString(),
  });
}

interface KeysAnswer {
  keys: { statement: unknown; log: { index: number; size: number; checkpoint: string; hashes: string[] } }[];
}

/** Answers every question about the log out of the lying one; `swapped` takes the place of that user's statements. */
function lieWith(log: LyingLog, swapped?: VerifiedKeyStatement): void {
  proxy.tamper(async ({ path }, answer) => {
    const url = new URL(path, 'http://proxy');
    if (url.pathname === '/api/log/checkpoint') answer.body = await log.checkpoint();
    if (url.pathname === '/api/log/proof/consistency') {
      const from = Number(url.searchParams.get('from'));
      answer.status = 200;
      answer.body = JSON.stringify({ from, to: log.size, hashes: await log.consistency(from) });
    }
    if (url.pathname === '/api/log/entries') {
      const [start, end] = ['start', 'end'].map((name) => Number(url.searchParams.get(name)));
      answer.status = 200;
      answer.body = JSON.stringify({ entries: log.entries.slice(start, end) });
    }
    if (url.pathname.startsWith('/api/crypto/keys/')) {
      const body = JSON.parse(answer.body) as KeysAnswer;
      for (const key of body.keys) {
        if (swapped !== undefined && path.endsWith(swapped.payload.user)) key.statement = swapped.json;
        const { index } = key.log;
        key.log = {
          index,
          size: log.size,
          checkpoint: await log.checkpoint(),
          hashes: await log.inclusion(index),
        };
      }
      answer.body = JSON.stringify(body);
    }
  });
}

async function alarmOf(call: Promise<unknown>): Promise<Alarm> {
  try {
    await call;
  } catch (error) {
    if (!hasCode(error, 'key_log_alarm')) throw error;
    return error.members['alarm'] as Alarm;
  }
  throw new Error('nothing was noticed');
}

/** Somebody behind the proxy who has seen the true log, and a contact. */
async function witness() {
  const ada = await withKeys(proxy.baseUrl);
  const bob = await withKeys();
  const chat = await ada.client.chats.direct(bob.id);
  return { ada, bob, chat };
}

describe('a server that hands out a false key', () => {
  it('is caught by the inclusion proof', async () => {
    const { ada, bob, chat } = await witness();
    const forged = await forgedStatement(bob.id);
    proxy.tamper(({ path }, answer) => {
      if (!path.endsWith(`/api/crypto/keys/${bob.id}`)) return;
      const body = JSON.parse(answer.body) as KeysAnswer;
      for (const key of body.keys) key.statement = forged.json;
      answer.body = JSON.stringify(body);
    });
    const seen: Alarm[] = [];
    ada.client.events.on('alarm', (alarm) => seen.push(alarm));
    expect(await alarmOf(ada.client.keys.of(bob.id))).toMatchObject({ check: 'inclusion', userId: bob.id });
    expect(await alarmOf(ada.client.messages.send(chat.id, 'secret'))).toMatchObject({ check: 'inclusion' });
    expect(seen.map(({ check }) => check)).toContain('inclusion');
    expect(proxy.recorded.filter(({ path }) => path === '/api/messages/send')).toEqual([]);
  });

  it('and changes the proof as well, is caught by the signature of a key that is not the pinned one', async () => {
    const { ada, bob } = await witness();
    const forged = await forgedStatement(bob.id);
    const entries = await realEntries();
    const swapped = entries.map((entry) => (entry.user === bob.id ? logEntryOf(forged) : entry));
    const other = await otherLogKey('localhost:3000/log');
    lieWith(await new LyingLog(other.sign).append(...swapped), forged);
    expect(await alarmOf(ada.client.keys.of(bob.id))).toMatchObject({ check: 'signature' });
    proxy.tamper(null);
    expect(await ada.client.keys.of(bob.id)).toMatchObject({ trust: 'log' });
  });

  it('is caught on the first look already where the log key came from elsewhere', async () => {
    const other = await otherLogKey('localhost:3000/log');
    const bob = await withKeys();
    const { client } = await signUp(server.baseUrl, { pinnedLogKey: other.line });
    expect(await alarmOf(client.keys.of(bob.id))).toMatchObject({ check: 'signature' });
  });

  it('and repeats a true one, is caught by the chain', async () => {
    const { ada, bob } = await witness();
    proxy.tamper(({ path }, answer) => {
      if (!path.endsWith(`/api/crypto/keys/${bob.id}`)) return;
      const { keys, ...rest } = JSON.parse(answer.body) as KeysAnswer;
      answer.body = JSON.stringify({ ...rest, keys: [...keys, ...keys] });
    });
    expect(await alarmOf(ada.client.keys.of(bob.id, { fresh: true }))).toMatchObject({ check: 'chain' });
  });
});

describe.each(['rewrites the past and grows', 'shows another tree of the same size'])(
  'a server that %s',
  (what) => {
    it('is caught by the consistency proof; nothing is sealed until somebody looked into it', async () => {
      const { ada, bob, chat } = await witness();
      await ada.client.keys.of(bob.id);
      const { head } = await ada.client.keyLog.check();
      const forged = await forgedStatement(bob.id);
      const entries = (await realEntries()).map((entry) =>
        entry.user === bob.id ? logEntryOf(forged) : entry,
      );
      const log = await new LyingLog(serversSignature(server)).append(...entries);
      if (what.includes('grows')) await log.append({ ...logEntryOf(forged), version: 2 });
      lieWith(log, forged);
      const alarm = await alarmOf(ada.client.keys.of(bob.id, { fresh: true }));
      expect(alarm).toMatchObject({
        check: 'consistency',
        blocksSending: true,
        evidence: { older: { checkpoint: head?.checkpoint }, newer: { checkpoint: await log.checkpoint() } },
      });
      proxy.tamper(null);
      await expect(ada.client.messages.send(chat.id, 'secret')).rejects.toMatchObject({
        code: 'key_log_conflict',
        members: { alarms: [{ id: alarm.id }] },
      });
      expect(await ada.client.keyLog.dismiss(alarm.id)).toEqual(alarm);
      await ada.client.messages.send(chat.id, 'after all');
    });
  },
);

describe('a server that goes back', () => {
  it('with an old answer, is caught by the size of its head', async () => {
    const { ada, bob } = await witness();
    let old = '';
    proxy.tamper(({ path }, answer) => {
      if (path.endsWith(bob.id)) old = answer.body;
    });
    await ada.client.keys.of(bob.id);
    await withKeys();
    proxy.tamper(null);
    await ada.client.keyLog.check();
    proxy.tamper(({ path }, answer) => {
      if (path.endsWith(bob.id)) answer.body = old;
    });
    expect(await alarmOf(ada.client.keys.of(bob.id, { fresh: true }))).toMatchObject({ check: 'old-head' });
  });

  it('and leaves out a newer statement, is caught by what was seen before', async () => {
    const { ada, bob } = await witness();
    await bob.client.auth.reauthenticate({ password: bob.password });
    await bob.client.backup.confirm();
    await bob.client.backup.create();
    expect(await ada.client.keys.of(bob.id)).toMatchObject({ current: { version: 2, reset: false } });
    proxy.tamper(({ path }, answer) => {
      if (!path.endsWith(bob.id)) return;
      const body = JSON.parse(answer.body) as KeysAnswer;
      body.keys.pop();
      answer.body = JSON.stringify(body);
    });
    expect(await alarmOf(ada.client.keys.of(bob.id, { fresh: true }))).toMatchObject({ check: 'known-keys' });
  });
});

describe('a server that leaves an entry out of the log', () => {
  it.each(['leaves it out', 'puts another in its place'])(
    'and %s, is caught by the hash of all',
    async (how) => {
      const ada = await withKeys(proxy.baseUrl);
      const victim = await withKeys();
      proxy.tamper(({ path }, answer) => {
        if (!path.startsWith('/api/log/entries')) return;
        const { entries } = JSON.parse(answer.body) as { entries: LogEntry[] };
        const lied =
          how === 'leaves it out'
            ? entries.filter(({ user }) => user !== victim.id)
            : entries.map((entry) => (entry.user === victim.id ? { ...entry, version: 9 } : entry));
        answer.body = JSON.stringify({ entries: lied });
      });
      const fresh = newDevice(proxy.baseUrl);
      await fresh.client.auth.login(ada);
      expect(await alarmOf(fresh.client.keyLog.watchOwn())).toMatchObject({
        check: 'entries',
        blocksSending: true,
      });
    },
  );
});

describe('a server that shows two people two logs', () => {
  /** Bob sees a log with a ghost's entry in it from his first look on; Ada sees the true one. */
  async function split(grown: number, sign: SignHead = serversSignature(server)) {
    const ada = await withKeys();
    const bob = await signUp(proxy.baseUrl);
    await bob.client.keys.ensure();
    const device = newDevice(proxy.baseUrl);
    const ghost = logEntryOf(await forgedStatement(ada.id));
    const log = await new LyingLog(sign).append(...(await realEntries()), ghost);
    lieWith(log);
    await device.client.auth.login(bob);
    const { recoveryCode } = await bob.client.backup.create();
    await device.client.backup.restore({ recoveryCode });
    const chat = await device.client.chats.direct(ada.id);
    await device.client.messages.send(chat.id, 'hello');
    proxy.tamper(null);
    for (let i = 0; i < grown; i += 1) await withKeys();
    return { ada, chat, bob, log };
  }

  it.each([
    ['of the same size', 1],
    ['of forked sizes', 3],
    ['of which one hides what the other has', 0],
  ])('%s, is caught by the head that a message carries', async (_, grown) => {
    const { ada, chat, bob, log } = await split(grown);
    const { items } = await ada.client.messages.history(chat.id);
    expect(items).toMatchObject([{ kind: 'message', text: 'hello' }]);
    const { alarms } = await ada.client.keyLog.status();
    expect(alarms).toMatchObject([
      {
        check: 'message-head',
        userId: bob.id,
        blocksSending: true,
        evidence: { claimed: { size: log.size, root: await log.root() }, kept: expect.anything() },
      },
    ]);
    await expect(ada.client.messages.send(chat.id, 'hi')).rejects.toMatchObject({ code: 'key_log_conflict' });
  });
});
