import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type ClientPerson, signUp } from './client.js';
import { type HostileProxy, startHostileProxy } from './hostile-proxy.js';

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

async function sealedPerson(): Promise<ClientPerson> {
  const person = await signUp(proxy.baseUrl, { sealed: true, retry: { baseDelayMs: 5 } });
  await person.client.keys.ensure();
  return person;
}

describe('a sealed client', () => {
  it('does everything, and shows what lies between neither route, token nor body', async () => {
    const from = proxy.recorded.length;
    const [ada, bob] = [await sealedPerson(), await sealedPerson()];
    const chat = await ada.client.chats.direct(bob.id);
    await ada.client.messages.send(chat.id, 'sealed twice');
    expect((await bob.client.messages.history(chat.id)).items).toMatchObject([{ text: 'sealed twice' }]);
    const { recoveryCode } = await ada.client.backup.create();
    expect(recoveryCode).toHaveLength(29);
    await expect(ada.client.chats.get(ada.id)).rejects.toMatchObject({ code: 'not_found', status: 404 });
    const seen = proxy.recorded.slice(from);
    expect(new Set(seen.map(({ path }) => path))).toEqual(
      new Set(['/api/sealed', '/api/crypto/server-keys']),
    );
    for (const { headers, body } of seen) {
      expect([headers.authorization, headers.cookie]).toEqual([undefined, undefined]);
      expect(`${body} ${JSON.stringify(headers)}`).not.toMatch(
        new RegExp(`${PASSWORD}|${ada.username}|${ada.id}`),
      );
    }
  });

  it('goes by the clock of the server, and renews its session, sealed', async () => {
    const ada = await sealedPerson();
    server.clock.advance(16 * 60);
    proxy.tamper((_, answer) => void (answer.headers.date = server.clock.now().toUTCString()));
    try {
      const both = await Promise.all([ada.client.profile.get(), ada.client.profile.get()]);
      expect(both.map(({ id }) => id)).toEqual([ada.id, ada.id]);
    } finally {
      server.clock.advance(-16 * 60);
    }
  });

  it('takes the newest keys of the server when its own are no longer known', async () => {
    const ada = await sealedPerson();
    let refused = 0;
    proxy.tamper(({ path }, answer) => {
      if (path !== '/api/sealed' || (refused += 1) > 1) return;
      answer.status = 400;
      answer.headers['content-type'] = 'application/problem+json';
      answer.body = JSON.stringify({ code: 'invalid_sealed_request', status: 400, title: 'no' });
    });
    const before = proxy.recorded.filter(({ path }) => path === '/api/crypto/server-keys').length;
    expect((await ada.client.profile.get()).id).toBe(ada.id);
    expect(proxy.recorded.filter(({ path }) => path === '/api/crypto/server-keys').length).toBe(before + 1);
  });

  it('asks again after an answer that somebody changed, where that does no harm, and shows no part of it', async () => {
    const ada = await sealedPerson();
    let changed = 0;
    const flip = (body: string) =>
      body.replace(/^(.{400})(.)/, (_, start: string, c: string) => `${start}${c === 'A' ? 'B' : 'A'}`);
    proxy.tamper(({ path }, answer) => {
      if (path === '/api/sealed' && (changed += 1) === 1) answer.body = flip(answer.body);
    });
    expect((await ada.client.profile.get()).id).toBe(ada.id);
    expect(changed).toBe(2);
    proxy.tamper(({ path }, answer) => {
      if (path === '/api/sealed') answer.body = flip(answer.body);
    });
    await expect(ada.client.profile.get()).rejects.toMatchObject({ code: 'sealed_response_refused' });
  });

  it('hears of messages by asking for them', async () => {
    const [ada, bob] = [await sealedPerson(), await sealedPerson()];
    const chat = await ada.client.chats.direct(bob.id);
    await ada.client.messages.send(chat.id, 'before');
    const events = bob.client.events[Symbol.asyncIterator]();
    const types: string[] = [];
    for (;;) {
      const { value } = await events.next();
      if (value === undefined) break;
      types.push(value.type);
      if (value.type === 'ready') await ada.client.messages.send(chat.id, 'live');
      if (value.type !== 'message') continue;
      expect(value.data).toMatchObject({ kind: 'message', text: 'live', warning: null });
      break;
    }
    expect(types.filter((type) => type === 'message')).toHaveLength(1);
    await events.return?.();
  });
});
