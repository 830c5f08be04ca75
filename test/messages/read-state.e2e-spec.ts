import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { KeyHolder } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, sendMany, startChat, shutDown } from './support/circle.js';

let server: TestApp;
let ada: KeyHolder, bob: KeyHolder, carol: KeyHolder;
let chatId: string;

beforeAll(async () => {
  server = await startTestApp();
  [ada, bob, carol] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
});
beforeEach(async () => {
  chatId = await startChat(ada, [bob], 'Cellar');
});
afterAll(() => shutDown(server));

const unread = async (who: KeyHolder) => (await who.browser.get(`/api/chats/${chatId}`)).body.unreadCount;
const mark = (who: KeyHolder, id: string | undefined) => who.browser.patch(`/api/messages/mark-read/${id}`);
const lastReadSeq = async (who: KeyHolder) => {
  const { members } = (await who.browser.get(`/api/chats/${chatId}`)).body;
  return members.find(({ userId }: { userId: string }) => userId === who.user.id).lastReadSeq;
};

it('counts the messages of others that come after the mark', async () => {
  const sent = await sendMany(ada, chatId, [ada, bob], 3);
  expect([await unread(ada), await unread(bob)]).toEqual([0, 3]);
  await sendMany(bob, chatId, [ada, bob], 2);
  await sendMany(ada, chatId, [ada, bob], 1);
  expect([await unread(ada), await unread(bob)]).toEqual([2, 4]);
  expect((await mark(bob, sent[0])).status).toBe(204);
  expect([await lastReadSeq(bob), await unread(bob)]).toEqual([1, 3]);
  expect((await mark(bob, sent[2])).status).toBe(204);
  expect([await lastReadSeq(bob), await unread(bob)]).toEqual([3, 1]);
  const list = (await bob.browser.get('/api/chats')).body.items;
  expect(list.find(({ id }: { id: string }) => id === chatId).unreadCount).toBe(1);
});

it('marks all before it, once, and takes nothing back', async () => {
  const sent = await sendMany(ada, chatId, [ada, bob], 4);
  for (const id of [sent[3], sent[3], sent[0]]) expect((await mark(bob, id)).status).toBe(204);
  expect([await lastReadSeq(bob), await unread(bob)]).toEqual([4, 0]);
  const told = await server.database.query(
    `SELECT number FROM user_events WHERE user_id = $1 AND chat_id = $2 AND kind = 'read'`,
    [bob.user.id, chatId],
  );
  expect(told).toHaveLength(1);
});

it('counts right from either end of a long chat', async () => {
  const sent: (string | undefined)[] = [];
  for (let i = 0; i < 4; i++) {
    sent.push(...(await sendMany(ada, chatId, [ada, bob], 2)));
    await sendMany(bob, chatId, [ada, bob], 1);
  }
  await ada.browser.delete(`/api/messages/${sent[1]}`);
  await ada.browser.delete(`/api/messages/${sent[6]}`);
  expect(await unread(bob)).toBe(6);
  await mark(bob, sent[0]);
  expect(await unread(bob)).toBe(5);
  await mark(bob, sent[2]);
  expect(await unread(bob)).toBe(4);
  await mark(bob, sent[6]);
  expect(await unread(bob)).toBe(1);
  await mark(bob, sent[7]);
  expect(await unread(bob)).toBe(0);
});

it('does not count tombstones, whenever they became that', async () => {
  const sent = await sendMany(ada, chatId, [ada, bob], 3);
  await mark(bob, sent[0]);
  for (const id of [sent[0], sent[1], sent[1]]) await ada.browser.delete(`/api/messages/${id}`);
  expect(await unread(bob)).toBe(1);
  expect((await mark(bob, sent[1])).status).toBe(204);
  expect(await unread(bob)).toBe(1);
});

it('is for recipients: 403 for an own message, 404 for one that one cannot see', async () => {
  const [own] = await sendMany(ada, chatId, [ada, bob], 1);
  expect((await mark(ada, own)).body).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await mark(carol, own)).status).toBe(404);
  await ada.browser.put(`/api/chats/${chatId}/members/${carol.user.id}`);
  expect((await mark(carol, own)).status).toBe(404);
  for (const id of [crypto.randomUUID(), 'x']) expect((await mark(bob, id)).status).toBe(404);
});

it('stays true when two devices mark, and the other writes, at once', async () => {
  const sent = await sendMany(ada, chatId, [ada, bob], 6);
  await Promise.all([
    // The farthest first: none of the others may take it back.
    ...sent.toReversed().map((id) => mark(bob, id)),
    sendMany(bob, chatId, [ada, bob], 3),
    ...sent.slice(3).map((id) => ada.browser.delete(`/api/messages/${id}`)),
  ]);
  expect([await lastReadSeq(bob), await unread(bob), await unread(ada)]).toEqual([6, 0, 3]);
});
