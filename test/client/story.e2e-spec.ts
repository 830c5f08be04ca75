import type { ChatItem, SealgateEvent } from '@sealgate/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type ClientPerson, signInAgain, signUp } from './client.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const texts = (items: readonly (ChatItem | { kind: 'missing' })[]) =>
  items.map((item) => (item.kind === 'message' ? item.text : item.kind));

/** The events of a type as they come, one by one. */
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

async function withKeys(name: string): Promise<ClientPerson> {
  const person = await signUp(server.baseUrl, { name });
  expect((await person.client.keys.ensure()).state).toBe('ready');
  return person;
}

describe('two people', () => {
  it('meet, compare safety numbers, write, read, delete, live', async () => {
    const [ada, bob] = [await withKeys('ada'), await withKeys('bob')];
    const chat = await ada.client.chats.direct(bob.id);
    const events = bob.client.events[Symbol.asyncIterator]();
    await next(events, 'ready');

    const sent = await ada.client.messages.send(chat.id, 'Meet me at the bridge.');
    const live = await next(events, 'message');
    expect(live.data).toMatchObject({
      kind: 'message',
      text: 'Meet me at the bridge.',
      seq: 1,
      own: false,
      warning: null,
    });

    const [fromAda, fromBob] = await Promise.all([
      ada.client.keys.safetyNumber(bob.id),
      bob.client.keys.safetyNumber(ada.id),
    ]);
    expect(fromAda).toEqual(fromBob);
    expect(fromAda.digits).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect((await ada.client.keys.of(bob.id))?.trust).toBe('log');
    await ada.client.keys.markCompared(bob.id);
    expect((await ada.client.keys.of(bob.id))?.trust).toBe('compared');

    await bob.client.messages.markRead(sent.id);
    await bob.client.messages.send(chat.id, 'At noon.');
    const page = await ada.client.messages.history(chat.id);
    expect(texts(page.items)).toEqual(['Meet me at the bridge.', 'At noon.']);
    expect(page.items[0]).toMatchObject({ own: true, warning: null });
    expect(page).toMatchObject({ before: null, after: null });
    await ada.client.messages.delete(sent.id);
    expect(texts((await bob.client.messages.history(chat.id)).items)).toEqual(['deleted', 'At noon.']);
    expect(await next(events, 'message')).toMatchObject({
      data: { kind: 'message', text: 'At noon.', own: true },
    });
    expect(await next(events, 'message')).toMatchObject({ data: { kind: 'deleted', seq: 1 } });
    await events.return?.();
    const inbox = await ada.client.messages.receive();
    expect(texts(inbox.items)).toEqual(['At noon.']);
    expect((await ada.client.messages.receive(inbox.cursor)).items).toEqual([]);
  });

  it('page through a long chat in both directions', async () => {
    const [ada, bob] = [await withKeys('ada'), await withKeys('bob')];
    const chat = await ada.client.chats.direct(bob.id);
    for (let i = 1; i <= 5; i += 1) await ada.client.messages.send(chat.id, `${i}`);
    const newest = await bob.client.messages.history(chat.id, { limit: 2 });
    expect([texts(newest.items), newest.before, newest.after]).toEqual([['4', '5'], 4, null]);
    const older = await bob.client.messages.history(chat.id, { before: 4, limit: 2 });
    expect([texts(older.items), older.before, older.after]).toEqual([['2', '3'], 2, 3]);
    const oldest = await bob.client.messages.history(chat.id, { before: 2, limit: 2 });
    expect([texts(oldest.items), oldest.before]).toEqual([['1'], null]);
    const forward = await bob.client.messages.history(chat.id, { after: 3, limit: 5 });
    expect([texts(forward.items), forward.after]).toEqual([['4', '5'], null]);
  });
});

describe('groups', () => {
  it('grow, shrink, and let newcomers read from when they joined', async () => {
    const [ada, bob, eve] = [await withKeys('ada'), await withKeys('bob'), await withKeys('eve')];
    const group = await ada.client.chats.group('Bridge', [bob.id]);
    await ada.client.messages.send(group.id, 'before');
    await ada.client.chats.addMember(group.id, eve.id);
    // Bob's client still believes in two members: it seals anew.
    await bob.client.chats.get(group.id);
    await ada.client.messages.send(group.id, 'after');
    expect(texts((await eve.client.messages.history(group.id)).items)).toEqual(['after']);
    await eve.client.chats.leave(group.id);
    await expect(eve.client.chats.get(group.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are sealed anew, with checked keys, when a member came in between', async () => {
    const [ada, bob, eve] = [await withKeys('ada'), await withKeys('bob'), await withKeys('eve')];
    const group = await ada.client.chats.group('Bridge', [bob.id]);
    await bob.client.messages.send(group.id, 'warm');
    await ada.client.chats.addMember(group.id, eve.id);
    // Bob's client was told of two members only.
    const sent = await bob.client.messages.send(group.id, 'to all three');
    expect(sent.seq).toBe(2);
    for (const { client } of [ada, bob, eve])
      expect(texts((await client.messages.history(group.id)).items)).toContain('to all three');
  });
});

describe('keys lost and found', () => {
  it('restores the whole history on a second device with the recovery code', async () => {
    const [ada, bob] = [await withKeys('ada'), await withKeys('bob')];
    const chat = await ada.client.chats.direct(bob.id);
    await ada.client.messages.send(chat.id, 'first');
    const { recoveryCode } = await ada.client.backup.create();
    expect((await ada.client.backup.create()).recoveryCode).toBe(recoveryCode);
    await expect(ada.client.backup.confirm('0000-0000')).rejects.toMatchObject({ code: 'mistyped_code' });
    await ada.client.backup.confirm(recoveryCode.toLowerCase());
    expect(await ada.client.backup.status()).toMatchObject({ exists: true, hasUnconfirmedCode: false });

    const phone = await signInAgain(server.baseUrl, ada);
    expect(await phone.client.keys.ensure()).toMatchObject({ state: 'locked', versionsLost: [1] });
    const locked = await phone.client.messages.history(chat.id);
    expect(locked.items).toMatchObject([{ kind: 'unopened', reason: 'key-lost', seq: 1 }]);
    await expect(phone.client.messages.send(chat.id, 'x')).rejects.toMatchObject({ code: 'keys_locked' });
    const [a = '', b = ''] = recoveryCode;
    const mistyped = recoveryCode.replace(a, b === '2' ? '3' : '2');
    await expect(phone.client.backup.restore({ recoveryCode: mistyped })).rejects.toMatchObject({
      code: 'mistyped_code',
    });
    const { recoveryCode: bobs } = await bob.client.backup.create();
    await expect(phone.client.backup.restore({ recoveryCode: bobs })).rejects.toMatchObject({
      code: 'wrong_secret',
    });
    await expect(phone.client.backup.restore({ passphrase: 'none was set' })).rejects.toMatchObject({
      code: 'no_passphrase',
    });
    expect(await phone.client.backup.restore({ recoveryCode })).toMatchObject({ state: 'ready' });
    expect(texts((await phone.client.messages.history(chat.id)).items)).toEqual(['first']);
    await phone.client.messages.send(chat.id, 'from the phone');
    expect(texts((await bob.client.messages.history(chat.id)).items)).toEqual(['first', 'from the phone']);
    expect(await phone.client.keyLog.watchOwn()).toEqual([]);
  });

  it('takes a passphrase too, and another one later', async () => {
    const ada = await withKeys('ada');
    const { recoveryCode } = await ada.client.backup.create({ passphrase: 'an old song' });
    expect((await ada.client.backup.status()).hasPassphrase).toBe(true);
    expect(await ada.client.backup.changePassphrase({ recoveryCode }, 'a new song')).toEqual({
      recoveryCode: null,
    });
    const phone = await signInAgain(server.baseUrl, ada);
    await expect(phone.client.backup.restore({ passphrase: 'an old song' })).rejects.toMatchObject({
      code: 'wrong_secret',
    });
    const steps = new Set<string>();
    const onProgress = (step: string) => void steps.add(step);
    expect(await phone.client.backup.restore({ passphrase: 'a new song', onProgress })).toMatchObject({
      state: 'ready',
    });
    expect(steps).toContain('deriving');
    const changed = await ada.client.backup.changePassphrase({ passphrase: 'a new song' }, null);
    expect(changed.recoveryCode).not.toBe(recoveryCode);
    expect((await ada.client.backup.status()).hasPassphrase).toBe(false);
  });

  it('shows a reset to contacts, and stops those who had compared', async () => {
    const [ada, bob, eve] = [await withKeys('ada'), await withKeys('bob'), await withKeys('eve')];
    const chat = await bob.client.chats.direct(ada.id);
    const other = await eve.client.chats.direct(ada.id);
    await bob.client.keys.markCompared(ada.id);
    await eve.client.messages.send(other.id, 'old times');
    const phone = await signInAgain(server.baseUrl, ada);
    await phone.client.auth.reauthenticate({ password: ada.password });
    const { recoveryCode, versions } = await phone.client.backup.reset();
    expect([recoveryCode.length, versions]).toEqual([29, [2]]);

    await expect(bob.client.messages.send(chat.id, 'hm')).rejects.toMatchObject({
      code: 'contact_keys_changed',
      members: { userIds: [ada.id] },
    });
    const seen = await bob.client.keys.of(ada.id);
    expect(seen).toMatchObject({ trust: 'changed-after-compare', current: { version: 2, reset: true } });
    await bob.client.keys.accept(ada.id);
    await bob.client.messages.send(chat.id, 'welcome back');
    expect(texts((await phone.client.messages.history(chat.id)).items)).toEqual(['welcome back']);
    await eve.client.messages.send(other.id, 'goes on');
    expect((await eve.client.keys.of(ada.id))?.trust).toBe('changed');
    expect((await phone.client.messages.history(other.id)).items).toMatchObject([
      { kind: 'unopened', reason: 'key-lost' },
      { kind: 'message', text: 'goes on' },
    ]);
    // To keys that this account is said to have, and that are not here, nothing is sealed.
    await expect(ada.client.messages.send(chat.id, 'hm')).rejects.toMatchObject({ code: 'keys_locked' });
    // The device with the old keys learns of it from the log.
    expect(await ada.client.keyLog.watchOwn()).toMatchObject([{ user: ada.id, version: 2 }]);
    expect((await ada.client.keyLog.status()).alarms).toMatchObject([{ check: 'own-entry', userId: ada.id }]);
    expect(await ada.client.keys.status()).toMatchObject({
      state: 'locked',
      versionsHere: [1],
      versionsLost: [2],
    });
    await ada.client.backup.restore({ recoveryCode });
    expect(await ada.client.keyLog.watchOwn()).toEqual([]);
    expect((await ada.client.keyLog.status()).alarms).toEqual([]);
  });

  it('makes keys once where several tabs ask', async () => {
    const ada = await signUp(server.baseUrl);
    const states = await Promise.all([1, 2, 3].map(() => ada.client.keys.ensure()));
    expect(states.map(({ version }) => version)).toEqual([1, 1, 1]);
  });
});
