import { afterAll, beforeAll, expect, it } from 'vitest';
import { seal, type KeyHolder } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, sendMany, shutDown, startChat } from './support/circle.js';
import { EventReader } from './support/event-reader.js';

let server: TestApp;
let ada: KeyHolder, bob: KeyHolder, carol: KeyHolder;
let group: string, direct: string, left: string;
let reader: EventReader;

beforeAll(async () => {
  server = await startTestApp();
  [ada, bob, carol] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
  // Of two who joined together, the older account comes first.
  if (carol.user.id < bob.user.id) [bob, carol] = [carol, bob];
  group = await startChat(ada, [bob, carol], 'Cellar');
  direct = await startChat(bob, [ada]);
  left = await startChat(ada, [bob, carol], 'Attic');
});
afterAll(() => {
  reader.close();
  return shutDown(server);
});

it('exports chats and what one has sent', async () => {
  await sendMany(ada, group, [ada, bob, carol], 2);
  await sendMany(ada, direct, [ada, bob], 1);
  await sendMany(bob, direct, [ada, bob], 1);
  await sendMany(ada, left, [ada, bob, carol], 1);
  await ada.browser.delete(`/api/chats/${left}/members/${ada.user.id}`);
  const { status, body } = await ada.browser.get('/api/users/me/export');
  expect(status).toBe(200);
  const { chats, sent } = body.messages;
  expect(chats.map(({ id }: { id: string }) => id).sort()).toEqual([group, direct].sort());
  const places = sent.map(({ chatId, seq }: { chatId: string; seq: number }) => `${chatId}/${seq}`);
  expect(places.sort()).toEqual([`${group}/1`, `${group}/2`, `${direct}/1`, `${left}/1`].sort());
  for (const { envelope } of sent) expect(envelope.recipients).toHaveLength(1);
});

it('turns all that the deleted wrote into tombstones, and tells the members', async () => {
  reader = await EventReader.open(bob.browser);
  await reader.until(({ event }) => event === 'ready');
  const answer = await ada.browser.delete('/api/users/me', { password: ada.password });
  expect(answer.status).toBe(204);
  await reader.until(({ data }) => data.id === direct);
  await reader.until(({ data }) => data.id === group);
  const buried = await reader.count('message', 4);
  expect(buried.map(({ data }) => data.envelope)).toEqual([null, null, null, null]);
  for (const chatId of [group, direct, left]) {
    const { items } = (await bob.browser.get(`/api/messages/history/${chatId}?after=0`)).body;
    for (const { senderId, envelope } of items) expect(envelope === null).toBe(senderId === ada.user.id);
    expect((await bob.browser.get(`/api/chats/${chatId}`)).body.unreadCount).toBe(0);
  }
  expect(
    await server.database.query('SELECT 1 FROM messages WHERE sender_id = $1 AND sealed IS NOT NULL', [
      ada.user.id,
    ]),
  ).toEqual([]);
});

it('ends the memberships and passes owning on', async () => {
  const memberIds = async (chatId: string) => {
    const { members, ownerId } = (await bob.browser.get(`/api/chats/${chatId}`)).body;
    return [ownerId, ...members.map(({ userId }: { userId: string }) => userId)];
  };
  expect(await memberIds(group)).toEqual([bob.user.id, bob.user.id, carol.user.id]);
  expect(await memberIds(direct)).toEqual([null, bob.user.id]);
  expect(await server.database.query('SELECT 1 FROM user_events WHERE user_id = $1', [ada.user.id])).toEqual(
    [],
  );
});

it('leaves chats that go on without the deleted', async () => {
  const message = await seal(bob, group, [bob, carol]);
  expect((await bob.browser.post('/api/messages/send', message)).body).toMatchObject({ seq: 3 });
  expect((await bob.browser.post('/api/chats', { memberIds: [ada.user.id] })).status).toBe(404);
  expect((await bob.browser.put(`/api/chats/${group}/members/${ada.user.id}`)).status).toBe(404);
});

it('keeps a suspended member’s messages and place', async () => {
  await sendMany(carol, group, [bob, carol], 1);
  await server.database.query('UPDATE users SET suspended_at = now() WHERE id = $1', [carol.user.id]);
  const { items } = (await bob.browser.get(`/api/messages/history/${group}?limit=1`)).body;
  expect(items[0].envelope).not.toBeNull();
  expect((await bob.browser.get(`/api/chats/${group}`)).body.members).toHaveLength(2);
  expect((await bob.browser.post('/api/chats', { memberIds: [carol.user.id] })).status).toBe(404);
});
