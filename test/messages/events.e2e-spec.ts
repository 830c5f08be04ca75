import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { SessionWatch } from '../../src/messages/events/session-watch.service.js';
import { changeKeys, seal, send, type KeyHolder } from '../support/keys.js';
import { login, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { onReplica, people, sendMany, startChat, shutDown } from './support/circle.js';
import { EventReader } from './support/event-reader.js';

let server: TestApp;
let replica: TestApp;
let ada: KeyHolder, bob: KeyHolder, carol: KeyHolder;
let open: EventReader[] = [];

/** A stream that is closed after the test. */
async function listen(who: { browser: KeyHolder['browser'] }, lastEventId?: string): Promise<EventReader> {
  const reader = await EventReader.open(who.browser, lastEventId);
  open.push(reader);
  return reader;
}

beforeAll(async () => {
  server = await startTestApp();
  replica = await startTestApp({}, server.database);
});
beforeEach(async () => {
  [ada, bob, carol] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const reader of open) reader.close();
  open = [];
});
afterAll(() => shutDown(replica, server));

it('starts with ready, and with the headers of a stream that nobody keeps or holds back', async () => {
  const reader = await listen(ada);
  const ready = await reader.until(() => true);
  expect(ready).toEqual({ event: 'ready', id: expect.stringMatching(/^\d+-\d+$/), data: {} });
  const { headers } = reader.response;
  expect(headers.get('content-type')).toBe('text/event-stream');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-accel-buffering')).toBe('no');
  expect(headers.get('x-request-id')).toBeTruthy();
  const answer = await ada.browser.get('/auth/me');
  for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy'])
    expect([name, headers.get(name)]).toEqual([name, answer.headers.get(name)]);
});

it('tells every device of every member, the sender’s too, on whichever replica, with the own entry only', async () => {
  const chatId = await startChat(ada, [bob]);
  const readers = await Promise.all(
    [ada, bob, onReplica(ada, replica), onReplica(bob, replica)].map((who) => listen(who)),
  );
  const sealed = await seal(ada, chatId, [ada, bob]);
  const receipt = await send(ada, sealed);
  for (const [i, reader] of readers.entries()) {
    const [heard] = await reader.count('message', 1);
    const { kid } = (i % 2 === 0 ? ada : bob).keys.encryption.jwk;
    expect(heard?.data).toEqual({
      ...receipt,
      senderId: ada.user.id,
      deletedAt: null,
      envelope: {
        ...sealed.envelope,
        recipients: sealed.envelope.recipients.filter(({ header }) => header.kid === kid),
      },
      recipientCount: 2,
    });
  }
});

it('tells again when the message becomes a tombstone', async () => {
  const chatId = await startChat(ada, [bob]);
  const reader = await listen(bob);
  const [id] = await sendMany(ada, chatId, [ada, bob], 1);
  await reader.count('message', 1);
  await ada.browser.delete(`/api/messages/${id}`);
  const [first, second] = await reader.count('message', 2);
  expect([first?.data.id, second?.data.id]).toEqual([id, id]);
  expect(first?.data.envelope).not.toBeNull();
  expect(second?.data).toMatchObject({ envelope: null, deletedAt: expect.any(String), seq: 1 });
});

it('tells how far somebody has read', async () => {
  const chatId = await startChat(ada, [bob]);
  const readers = [await listen(ada), await listen(bob)];
  const [id] = await sendMany(ada, chatId, [ada, bob], 1);
  await bob.browser.patch(`/api/messages/mark-read/${id}`);
  for (const reader of readers) {
    const [heard] = await reader.count('read', 1);
    expect(heard?.data).toEqual({ chatId, userId: bob.user.id, lastReadSeq: 1 });
  }
});

it('tells of chats as they begin and change, and as one leaves them', async () => {
  const [adaHears, bobHears] = [await listen(ada), await listen(bob)];
  const chatId = await startChat(ada, [bob], 'Cellar');
  const [begun] = await bobHears.count('chat', 1);
  expect(begun?.data).toEqual((await bob.browser.get(`/api/chats/${chatId}`)).body);
  await ada.browser.put(`/api/chats/${chatId}/members/${carol.user.id}`);
  const [, joined] = await bobHears.count('chat', 2);
  expect(joined?.data.members).toHaveLength(3);
  await ada.browser.delete(`/api/chats/${chatId}/members/${bob.user.id}`);
  const [, , left] = await bobHears.count('chat', 3);
  expect(left?.data).toEqual({ id: chatId, left: true });
  const [, , remaining] = await adaHears.count('chat', 3);
  expect(remaining?.data.members.map(({ userId }: { userId: string }) => userId)).toEqual([
    ada.user.id,
    carol.user.id,
  ]);
});

it('tells contacts and the own devices of new keys, and nobody else', async () => {
  await startChat(ada, [bob]);
  const [adaHears, bobHears, carolHears] = [
    await listen(ada),
    await listen(onReplica(bob, replica)),
    await listen(carol),
  ];
  ada = await changeKeys(ada);
  for (const reader of [adaHears, bobHears])
    expect((await reader.count('keys', 1))[0]?.data).toEqual({ userId: ada.user.id, version: 2 });
  await startChat(carol, [bob], 'marker');
  await carolHears.count('chat', 1);
  expect(carolHears.of('keys')).toEqual([]);
});

it('goes on where a client left off, on the other replica too, with nothing missing and nothing twice', async () => {
  const chatId = await startChat(ada, [bob]);
  const first = await listen(bob);
  const ids = await sendMany(ada, chatId, [ada, bob], 2);
  await first.count('message', 2);
  first.close();
  ids.push(...(await sendMany(ada, chatId, [ada, bob], 3)));
  const second = await listen(onReplica(bob, replica), first.lastId);
  await second.count('message', 3);
  second.close();
  ids.push(...(await sendMany(ada, chatId, [ada, bob], 1)));
  const third = await listen(bob, second.lastId);
  await third.count('message', 1);
  const heard = [first, second, third].flatMap((reader) => reader.of('message'));
  expect(heard.map(({ data }) => data.id)).toEqual(ids);
  expect([...second.heard, ...third.heard].map(({ event }) => event)).not.toContain('ready');
  const again = await listen(bob, first.of('message')[0]?.id);
  expect((await again.count('message', 5)).map(({ data }) => data.id)).toEqual(ids.slice(1));
  expect(again.of('message').map(({ id }) => id)).toEqual(heard.slice(1).map(({ id }) => id));
});

it('starts anew with reset where the id is older than 7 days, not ours, or from the future', async () => {
  const reader = await listen(ada);
  const { id } = await reader.until(({ event }) => event === 'ready');
  const chatId = await startChat(ada, [bob]);
  for (const strange of ['x', '99-1', `999999-${server.clock.epochSeconds()}`])
    expect(await (await listen(ada, strange)).until(() => true)).toMatchObject({ event: 'reset' });
  server.clock.advance(7 * 24 * 3600 - 60);
  expect((await ada.browser.post('/auth/refresh')).status).toBe(200);
  expect(await (await listen(ada, id)).until(() => true)).toMatchObject({ event: 'chat' });
  server.clock.advance(120);
  const late = await listen(ada, id);
  expect(await late.until(() => true)).toEqual({ event: 'reset', id: expect.any(String), data: {} });
  await sendMany(ada, chatId, [ada, bob], 1);
  await late.count('message', 1);
  expect(late.heard.map(({ event }) => event)).toEqual(['reset', 'message']);
});

it('ends with a word when its session ends, on the other replica too; other sessions go on', async () => {
  // By the notice alone, not by the look now and then.
  for (const { app } of [server, replica]) vi.spyOn(app.get(SessionWatch), 'checkAll').mockResolvedValue();
  const dan = await signUp(server);
  const other = (await login(server, dan)).browser;
  await other.post('/auth/2fa/skip', {});
  const { id } = (await other.get('/auth/me')).body.session;
  const here = await listen(dan);
  const there = await listen({ browser: other });
  const elsewhere = await listen(onReplica({ ...ada, browser: other }, replica));
  expect((await dan.browser.delete(`/auth/sessions/${id}`)).status).toBe(204);
  for (const reader of [there, elsewhere]) {
    await reader.end();
    expect(reader.heard.at(-1)).toEqual({
      event: 'session',
      id: expect.any(String),
      data: { id, ended: true },
    });
  }
  expect(here.isOver).toBe(false);
  expect((await EventReader.ask(other)).response.status).toBe(401);
});

it('allows a user so many streams on a replica, and more once one is closed', async () => {
  const readers = await Promise.all(Array.from({ length: 20 }, () => listen(ada)));
  const refused = await EventReader.ask(ada.browser);
  expect(refused.response.status).toBe(429);
  for (const name of ['retry-after', 'ratelimit', 'ratelimit-policy'])
    expect(refused.response.headers.get(name)).toBeTruthy();
  await listen(bob);
  readers[0]?.close();
  await expect
    .poll(async () => {
      const reader = await EventReader.ask(ada.browser);
      open.push(reader);
      return reader.response.status;
    })
    .toBe(200);
});

it('lets the server shut down, and ends', async () => {
  const third = await startTestApp({}, server.database);
  const reader = await listen(onReplica(ada, third));
  await reader.until(({ event }) => event === 'ready');
  await third.close();
  await reader.end();
});
