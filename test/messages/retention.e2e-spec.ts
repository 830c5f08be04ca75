import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventRetention } from '../../src/messages/events/event-retention.service.js';
import type { KeyHolder } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, sendMany, shutDown, startChat } from './support/circle.js';

const DAY_SECONDS = 24 * 3600;
let server: TestApp;
let ada: KeyHolder, bob: KeyHolder;
let chatId: string;
let sent: string[];

beforeAll(async () => {
  server = await startTestApp();
  [ada, bob] = (await people(server, 2)) as [KeyHolder, KeyHolder];
  chatId = await startChat(ada, [bob], 'Cellar');
  sent = await sendMany(ada, chatId, [ada, bob], 3);
  await ada.browser.delete(`/api/messages/${sent[0]}`);
  await bob.browser.patch(`/api/messages/mark-read/${sent[1]}`);
});
afterAll(() => shutDown(server));

const clear = () => server.app.get(EventRetention).clear();
const kinds = async () =>
  (
    await server.database.query<{ kind: string }>(
      'SELECT kind FROM user_events ORDER BY user_id = $1, position',
      [bob.user.id],
    )
  ).map(({ kind }) => kind);

it('keeps every event that a stream may resume over', async () => {
  const before = await kinds();
  server.clock.advance(7 * DAY_SECONDS + 3600);
  await clear();
  expect(await kinds()).toEqual(before);
});

it('then keeps what receive walks along, and gives it as before', async () => {
  server.clock.advance(DAY_SECONDS);
  await clear();
  expect(await kinds()).toEqual(['message', 'message', 'message', 'tombstone']);
  await bob.browser.post('/auth/refresh');
  const { items } = (await bob.browser.get(`/api/messages/receive/${bob.user.id}`)).body;
  expect(items.map(({ id }: { id: string }) => id)).toEqual(sent);
});

it('clears closed chats away, but no id of a message', async () => {
  await ada.browser.post('/auth/refresh');
  for (const { browser, user } of [ada, bob]) await browser.delete(`/api/chats/${chatId}/members/${user.id}`);
  await clear();
  for (const table of ['messages', 'chats', 'chat_members'])
    expect([table, await server.database.query(`SELECT 1 FROM ${table}`)]).toEqual([table, []]);
  expect(await server.database.query('SELECT 1 FROM message_ids')).toHaveLength(3);
});
