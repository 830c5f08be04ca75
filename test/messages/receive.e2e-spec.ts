import { afterAll, beforeEach, beforeAll, expect, it } from 'vitest';
import type { KeyHolder } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, sendMany, startChat, shutDown } from './support/circle.js';

let server: TestApp;
let ada: KeyHolder, bob: KeyHolder, carol: KeyHolder;

beforeAll(async () => {
  server = await startTestApp();
});
beforeEach(async () => {
  [ada, bob, carol] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
});
afterAll(() => shutDown(server));

interface Item {
  id: string;
  seq: number;
  senderId: string;
  envelope: object | null;
}

async function receive(after?: string, limit = 50): Promise<{ items: Item[]; nextCursor: string }> {
  const query = `limit=${limit}${after === undefined ? '' : `&after=${after}`}`;
  const answer = await bob.browser.get(`/api/messages/receive/${bob.user.id}?${query}`);
  expect(answer.status).toBe(200);
  return answer.body;
}
const ids = ({ items }: { items: Item[] }) => items.map(({ id }) => id);
/** `+` for a message, `-` for a tombstone. */
const shape = ({ items }: { items: Item[] }) => items.map(({ envelope }) => (envelope ? '+' : '-')).join('');

it('gives the messages of others over all chats, oldest first, and where to go on', async () => {
  const direct = await startChat(ada, [bob]);
  const group = await startChat(carol, [ada, bob], 'Cellar');
  const first = await sendMany(ada, direct, [ada, bob], 2);
  await sendMany(bob, direct, [ada, bob], 1);
  const second = await sendMany(carol, group, [ada, bob, carol], 2);
  const page = await receive(undefined, 3);
  expect(ids(page)).toEqual([...first, second[0]]);
  const rest = await receive(page.nextCursor, 3);
  expect(ids(rest)).toEqual([second[1]]);
  const nothing = await receive(rest.nextCursor);
  expect(nothing).toEqual({ items: [], nextCursor: rest.nextCursor });
  const third = await sendMany(ada, direct, [ada, bob], 1);
  expect(ids(await receive(nothing.nextCursor))).toEqual(third);
});

it('has a cursor before the first message too', async () => {
  const { items, nextCursor } = await receive();
  expect(items).toEqual([]);
  const chat = await startChat(ada, [bob]);
  const sent = await sendMany(ada, chat, [ada, bob], 1);
  const page = await receive(nextCursor);
  expect(ids(page)).toEqual(sent);
  expect(page.items[0]).toMatchObject({ chatId: chat, seq: 1, senderId: ada.user.id, recipientCount: 2 });
});

it('gives a tombstone once, in the message’s place, to who had not seen the message', async () => {
  const chat = await startChat(ada, [bob]);
  const sent = await sendMany(ada, chat, [ada, bob], 3);
  await ada.browser.delete(`/api/messages/${sent[1]}`);
  const page = await receive();
  expect([ids(page), shape(page)]).toEqual([sent, '+-+']);
  expect((await receive(page.nextCursor)).items).toEqual([]);
});

it('gives it once also to who catches up page by page', async () => {
  const chat = await startChat(ada, [bob]);
  const sent = await sendMany(ada, chat, [ada, bob], 3);
  await ada.browser.delete(`/api/messages/${sent[0]}`);
  const first = await receive(undefined, 1);
  const second = await receive(first.nextCursor, 1);
  const third = await receive(second.nextCursor, 1);
  const fourth = await receive(third.nextCursor, 1);
  expect([first, second, third, fourth].flatMap(ids)).toEqual(sent);
  expect([first, second, third, fourth].map(shape)).toEqual(['-', '+', '+', '']);
});

it('gives it anew to who had seen the message', async () => {
  const chat = await startChat(ada, [bob]);
  const sent = await sendMany(ada, chat, [ada, bob], 2);
  const { nextCursor } = await receive();
  await ada.browser.delete(`/api/messages/${sent[0]}`);
  const page = await receive(nextCursor);
  expect([ids(page), shape(page)]).toEqual([[sent[0]], '-']);
  expect((await receive(page.nextCursor)).items).toEqual([]);
});

it('leaves out what one may not read any more', async () => {
  const chat = await startChat(ada, [bob], 'Cellar');
  await sendMany(ada, chat, [ada, bob], 1);
  await bob.browser.delete(`/api/chats/${chat}/members/${bob.user.id}`);
  expect((await receive()).items).toEqual([]);
  await ada.browser.put(`/api/chats/${chat}/members/${bob.user.id}`);
  const sent = await sendMany(ada, chat, [ada, bob], 1);
  expect(ids(await receive())).toEqual(sent);
});

it('is for oneself', async () => {
  const other = await ada.browser.get(`/api/messages/receive/${bob.user.id}`);
  expect([other.status, other.body.code]).toEqual([403, 'forbidden']);
  expect((await ada.browser.get(`/api/messages/receive/${crypto.randomUUID()}`)).status).toBe(403);
  expect((await ada.browser.get('/api/messages/receive/me')).status).toBe(404);
});

it.each(['x', Buffer.from('[1,2]').toString('base64url'), Buffer.from('[1,2,3]').toString('base64url'), ''])(
  'refuses the cursor %j with 400',
  async (cursor) => {
    const answer = await bob.browser.get(`/api/messages/receive/${bob.user.id}?after=${cursor}`);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  },
);
