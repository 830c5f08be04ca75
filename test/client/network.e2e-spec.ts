import type { SealgateEvent } from '@sealgate/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type ClientPerson, newDevice, signInAgain, signUp } from './client.js';
import { type HostileProxy, startHostileProxy } from './hostile-proxy.js';

let server: TestApp;
let proxy: HostileProxy;
const retry = { baseDelayMs: 5 };
beforeAll(async () => {
  server = await startTestApp();
  proxy = await startHostileProxy(server.baseUrl);
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});
beforeEach(() => {
  proxy.tamper(null);
  proxy.swallow(0, () => false);
  proxy.offline(false);
});

async function withKeys(baseUrl = proxy.baseUrl): Promise<ClientPerson> {
  const person = await signUp(baseUrl, { retry });
  await person.client.keys.ensure();
  return person;
}

const isSend = ({ path }: { path: string }) => path === '/api/messages/send';

async function next<T extends SealgateEvent['type']>(
  events: AsyncIterator<SealgateEvent>,
  type: T,
): Promise<Extract<SealgateEvent, { type: T }>> {
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) throw new Error(`the stream ended before ${type}`);
    if (value.type === type) return value as Extract<SealgateEvent, { type: T }>;
  }
}

describe('sending', () => {
  it('stores a message once whose answers were lost twice, under one id and with the same bytes', async () => {
    const [ada, bob] = [await withKeys(), await withKeys(server.baseUrl)];
    const chat = await ada.client.chats.direct(bob.id);
    const before = proxy.recorded.length;
    proxy.swallow(2, isSend);
    const sent = await ada.client.messages.send(chat.id, 'once');
    const attempts = proxy.recorded.slice(before).filter(isSend);
    expect(attempts).toHaveLength(3);
    expect(new Set(attempts.map(({ body }) => body)).size).toBe(1);
    expect(sent.seq).toBe(1);
    expect((await bob.client.messages.history(chat.id)).items).toMatchObject([{ id: sent.id, text: 'once' }]);
  });

  it('keeps messages while offline, and sends them later in their order', async () => {
    const [ada, bob] = [await withKeys(), await withKeys(server.baseUrl)];
    const chat = await ada.client.chats.direct(bob.id);
    await ada.client.messages.send(chat.id, 'online');
    proxy.offline(true);
    await expect(ada.client.messages.send(chat.id, 'not queued')).rejects.toMatchObject({ code: 'network' });
    for (const text of ['one', 'two', 'three']) await ada.client.outbox.add(chat.id, text);
    await ada.client.outbox.flush();
    expect((await ada.client.outbox.list(chat.id)).map(({ text, state }) => [text, state])).toEqual([
      ['one', 'waiting'],
      ['two', 'waiting'],
      ['three', 'waiting'],
    ]);
    proxy.offline(false);
    // The page was closed meanwhile: another client on the same storage.
    const again = newDevice(proxy.baseUrl, { storage: ada.storage, retry }).client;
    const states: string[] = [];
    again.events.on('outbox', ({ state }) => states.push(state));
    proxy.swallow(1, isSend);
    await again.outbox.flush();
    expect(states).toEqual(['sent', 'sent', 'sent']);
    expect(await again.outbox.list()).toEqual([]);
    const { items } = await bob.client.messages.history(chat.id);
    expect(items).toMatchObject(['online', 'one', 'two', 'three'].map((text) => ({ text, warning: null })));
  });

  it('sends what was queued within one millisecond in the order of queueing', async () => {
    const [ada, bob] = [await withKeys(), await withKeys(server.baseUrl)];
    const chat = await ada.client.chats.direct(bob.id);
    proxy.offline(true);
    const texts = Array.from({ length: 40 }, (_, i) => `${i}`);
    await Promise.all(texts.map((text) => ada.client.outbox.add(chat.id, text)));
    expect((await ada.client.outbox.list()).map(({ text }) => text)).toEqual(texts);
    proxy.offline(false);
    for (const { id } of await ada.client.outbox.list()) await ada.client.outbox.discard(id);
  });

  it('says why a queued message cannot be sent, and lets it be taken out', async () => {
    const [ada, bob] = [await withKeys(), await withKeys(server.baseUrl)];
    const group = await ada.client.chats.group('Gone', [bob.id]);
    await bob.client.chats.list().toArray();
    const failed = new Promise((resolve) =>
      bob.client.events.on('outbox', (event) => event.state === 'failed' && resolve(event)),
    );
    await bob.client.chats.leave(group.id);
    const queued = await bob.client.outbox.add(group.id, 'too late');
    expect(await failed).toMatchObject({ state: 'failed', message: { id: queued.id, code: 'not_found' } });
    await bob.client.outbox.discard(queued.id);
    expect(await bob.client.outbox.list()).toEqual([]);
  });

  it('seals to no third person whom the server slips into a direct chat', async () => {
    const [ada, bob, eve] = [
      await withKeys(),
      await withKeys(server.baseUrl),
      await withKeys(server.baseUrl),
    ];
    const chat = await ada.client.chats.direct(bob.id);
    await ada.client.messages.send(chat.id, 'the two of us');
    const own = await eve.client.keys.of(eve.id);
    const ghost = { ...chat.members[1], userId: eve.id, kid: own?.current.kids.encryption };
    for (const kind of ['direct', 'group']) {
      proxy.tamper(({ path }, answer) => {
        if (!path.startsWith('/api/chats/')) return;
        const body = JSON.parse(answer.body) as { members: unknown[] };
        answer.body = JSON.stringify({ ...body, kind, members: [...body.members, ghost] });
      });
      await ada.client.chats.get(chat.id);
      const sent = proxy.recorded.filter(isSend).length;
      await expect(ada.client.messages.send(chat.id, 'x')).rejects.toMatchObject({ code: 'chat_changed' });
      expect(proxy.recorded.filter(isSend).length).toBe(sent);
    }
  });

  it('asks again where the server was busy for a moment', async () => {
    const ada = await signUp(proxy.baseUrl, { retry });
    let times = 0;
    proxy.tamper(({ path }, answer) => {
      if (!path.startsWith('/api/users/me') || (times += 1) > 1) return;
      answer.status = 503;
      answer.body = JSON.stringify({ code: 'service_unavailable', status: 503, title: 'busy' });
    });
    expect((await ada.client.profile.get()).id).toBe(ada.id);
    expect(times).toBe(2);
  });
});

describe('making keys', () => {
  it.each([
    ['registration', '/api/crypto/generate-keys'],
    ['backup', '/api/crypto/backup'],
  ])('is finished by the next start where the answer to the %s was lost', async (_, route) => {
    const ada = await signUp(proxy.baseUrl, { retry: { ...retry, retries: 0 } });
    proxy.swallow(1, ({ path, method }) => path === route && method !== 'GET');
    await expect(ada.client.keys.ensure()).rejects.toMatchObject({ code: 'network' });
    const restarted = newDevice(proxy.baseUrl, { storage: ada.storage, retry }).client;
    expect(await restarted.keys.ensure()).toMatchObject({
      state: 'ready',
      version: 1,
      hasUnconfirmedCode: true,
    });
    const { recoveryCode } = await restarted.backup.create();
    const phone = await signInAgain(server.baseUrl, ada);
    expect(await phone.client.backup.restore({ recoveryCode })).toMatchObject({ state: 'ready' });
  });

  it('says that no backup is safe that does not come back as it was sent', async () => {
    const ada = await signUp(proxy.baseUrl, { retry });
    proxy.tamper(({ path, method }, answer) => {
      if (path !== '/api/crypto/backup' || method !== 'GET' || answer.status !== 200) return;
      const body = JSON.parse(answer.body) as { backup: { keys: string[] } };
      body.backup.keys = body.backup.keys.map((key) => `${key.slice(0, -1)}${key.endsWith('A') ? 'Q' : 'A'}`);
      answer.body = JSON.stringify(body);
    });
    await expect(ada.client.keys.ensure()).rejects.toMatchObject({ code: 'backup_unverified' });
    proxy.tamper(null);
    expect(await ada.client.keys.ensure()).toMatchObject({ state: 'ready', version: 1 });
  });
});

describe('events', () => {
  it('go on where they were cut, with nothing missing and nothing twice', async () => {
    const [ada, bob] = [await withKeys(server.baseUrl), await withKeys()];
    const chat = await ada.client.chats.direct(bob.id);
    const events = bob.client.events[Symbol.asyncIterator]();
    await next(events, 'ready');
    const seen: (string | number)[] = [];
    for (let i = 1; i <= 6; i += 1) {
      await ada.client.messages.send(chat.id, `${i}`);
      if (i % 2 === 0) proxy.cutStreams();
      if (i % 3 === 0) {
        while (seen.length < i) {
          const { data } = await next(events, 'message');
          seen.push(data.kind === 'message' && data.warning === null ? data.text : data.kind);
        }
      }
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6']);
    await events.return?.();
  });

  it('resume on a new start after what was done with, where asked to', async () => {
    const [ada, bob] = [await withKeys(server.baseUrl), await withKeys()];
    const chat = await ada.client.chats.direct(bob.id);
    const first = bob.client.events.iterate({ resume: true })[Symbol.asyncIterator]();
    await next(first, 'ready');
    await ada.client.messages.send(chat.id, 'done with');
    await next(first, 'message');
    await ada.client.messages.send(chat.id, 'crashed at');
    await next(first, 'message');
    await first.return?.();
    await ada.client.messages.send(chat.id, 'meanwhile');
    const restarted = newDevice(proxy.baseUrl, { storage: bob.storage, retry }).client;
    const second = restarted.events.iterate({ resume: true })[Symbol.asyncIterator]();
    expect((await next(second, 'message')).data).toMatchObject({ text: 'crashed at' });
    expect((await next(second, 'message')).data).toMatchObject({ text: 'meanwhile' });
    await second.return?.();
  });

  it('tell of the end of the session, and are over', async () => {
    const ada = await signUp(proxy.baseUrl, { retry });
    const other = await signInAgain(server.baseUrl, ada);
    const events = ada.client.events[Symbol.asyncIterator]();
    await next(events, 'ready');
    await other.client.sessions.endOthers();
    expect((await next(events, 'session')).data).toMatchObject({ ended: true });
    await next(events, 'signed-out');
    await expect(next(events, 'message')).rejects.toThrow('the stream ended');
    expect(await ada.client.auth.meOrNull()).toBeNull();
  });

  it('renew an expired session by themselves', async () => {
    const ada = await signUp(proxy.baseUrl, { retry });
    server.clock.advance(16 * 60);
    const events = ada.client.events[Symbol.asyncIterator]();
    await next(events, 'ready');
    await events.return?.();
  });
});
