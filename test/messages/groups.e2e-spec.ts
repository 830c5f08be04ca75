import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal, send, type KeyHolder } from '../support/keys.js';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, sendMany, startChat, shutDown } from './support/circle.js';

let server: TestApp;
let ada: KeyHolder, bob: KeyHolder, carol: KeyHolder, dan: KeyHolder;

beforeAll(async () => {
  server = await startTestApp();
  [ada, bob, carol, dan] = (await people(server, 4)) as [KeyHolder, KeyHolder, KeyHolder, KeyHolder];
});
afterAll(() => shutDown(server));

const chatOf = async (who: KeyHolder, chatId: string) => who.browser.get(`/api/chats/${chatId}`);
const add = (who: KeyHolder, chatId: string, whom: KeyHolder) =>
  who.browser.put(`/api/chats/${chatId}/members/${whom.user.id}`);
const remove = (who: KeyHolder, chatId: string, whom: KeyHolder) =>
  who.browser.delete(`/api/chats/${chatId}/members/${whom.user.id}`);
const history = (who: KeyHolder, chatId: string) => who.browser.get(`/api/messages/history/${chatId}`);
const memberIds = (chat: { members: { userId: string }[] }) => chat.members.map(({ userId }) => userId);

describe('making a group', () => {
  it('takes a title, also for two, and as many groups of the same people as one likes', async () => {
    const body = { memberIds: [bob.user.id], title: '  Büchertausch 📚 ' };
    const [first, second] = [
      await ada.browser.post('/api/chats', body),
      await ada.browser.post('/api/chats', body),
    ];
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ kind: 'group', title: 'Büchertausch 📚', ownerId: ada.user.id });
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('needs no title for three; the own id among the members says nothing', async () => {
    const ids = [bob.user.id, carol.user.id.toUpperCase(), ada.user.id];
    const { status, body } = await ada.browser.post('/api/chats', { memberIds: ids });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'group', title: null, ownerId: ada.user.id });
    expect(memberIds(body).sort()).toEqual([ada, bob, carol].map(({ user }) => user.id).sort());
  });

  it.each([
    ['no other member', () => ({ memberIds: [ada.user.id] })],
    ['no member', () => ({ memberIds: [] })],
    ['no list', () => ({ memberIds: bob.user.id })],
    ['none at all', () => ({ title: 'x' })],
    ['somebody twice', () => ({ memberIds: [bob.user.id, bob.user.id.toUpperCase()] })],
    ['no UUID', () => ({ memberIds: ['bob'] })],
    ['too many', () => ({ memberIds: Array.from({ length: 257 }, () => crypto.randomUUID()) })],
    ['an unknown member of the body', () => ({ memberIds: [bob.user.id], color: 'red' })],
    ['an empty title', () => ({ memberIds: [bob.user.id], title: '   ' })],
    ['a title with a line break', () => ({ memberIds: [bob.user.id], title: 'a\nb' })],
    ['a title that turns the text around', () => ({ memberIds: [bob.user.id], title: 'a\u202eb' })],
    ['a title of 101 characters', () => ({ memberIds: [bob.user.id], title: 'x'.repeat(101) })],
    ['a title that is no text', () => ({ memberIds: [bob.user.id], title: 7 })],
  ])('refuses %s with 400', async (_, body) => {
    const answer = await ada.browser.post('/api/chats', body());
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  });

  it('answers 404 for somebody unknown and 409 for somebody without keys', async () => {
    const unknown = await ada.browser.post('/api/chats', { memberIds: [crypto.randomUUID()] });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
    const keyless = await signUp(server);
    const without = await ada.browser.post('/api/chats', { memberIds: [bob.user.id, keyless.user.id] });
    expect(without.body).toMatchObject({
      status: 409,
      code: 'user_without_keys',
      userIds: [keyless.user.id],
    });
    const own = await keyless.browser.post('/api/chats', { memberIds: [bob.user.id] });
    expect(own.body).toMatchObject({ code: 'user_without_keys', userIds: [keyless.user.id] });
  });
});

describe('joining and leaving', () => {
  let chatId: string;
  beforeAll(async () => {
    chatId = await startChat(ada, [bob], 'Cellar');
    await sendMany(ada, chatId, [ada, bob], 2);
  });

  it('lets any member add somebody, who reads what comes afterwards', async () => {
    expect((await add(bob, chatId, carol)).status).toBe(204);
    expect((await history(carol, chatId)).body.items).toEqual([]);
    await send(ada, await seal(ada, chatId, [ada, bob, carol]));
    const { items, nextCursor } = (await history(carol, chatId)).body;
    expect([items.map(({ seq }: { seq: number }) => seq), nextCursor]).toEqual([[3], null]);
    const chat = (await chatOf(carol, chatId)).body;
    expect(chat).toMatchObject({ lastSeq: 3, unreadCount: 1 });
    expect(chat.members.at(-1)).toMatchObject({ userId: carol.user.id, joinedSeq: 2, lastReadSeq: 2 });
  });

  it('adds nobody twice', async () => {
    expect((await add(ada, chatId, carol)).status).toBe(204);
    expect((await chatOf(carol, chatId)).body.members.at(-1)).toMatchObject({ joinedSeq: 2 });
  });

  it('adds nobody without keys and nobody unknown', async () => {
    const keyless = await signUp(server);
    const without = await ada.browser.put(`/api/chats/${chatId}/members/${keyless.user.id}`);
    expect(without.body).toMatchObject({ code: 'user_without_keys', userIds: [keyless.user.id] });
    expect((await ada.browser.put(`/api/chats/${chatId}/members/${crypto.randomUUID()}`)).status).toBe(404);
    expect((await ada.browser.put(`/api/chats/${chatId}/members/x`)).status).toBe(404);
  });

  it('lets the owner alone remove others', async () => {
    expect((await remove(bob, chatId, carol)).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await remove(ada, chatId, dan)).status).toBe(404);
    expect((await remove(ada, chatId, carol)).status).toBe(204);
    for (const path of [`/api/chats/${chatId}`, `/api/messages/history/${chatId}`])
      expect((await carol.browser.get(path)).status).toBe(404);
    expect(
      (await carol.browser.get('/api/chats')).body.items.map(({ id }: { id: string }) => id),
    ).not.toContain(chatId);
  });

  it('shows who comes back nothing of before', async () => {
    await sendMany(ada, chatId, [ada, bob], 1);
    expect((await add(ada, chatId, carol)).status).toBe(204);
    expect((await history(carol, chatId)).body.items).toEqual([]);
    expect((await chatOf(carol, chatId)).body).toMatchObject({ lastSeq: 4, unreadCount: 0 });
  });

  it('passes owning on to whoever has been there longest', async () => {
    expect((await remove(ada, chatId, ada)).status).toBe(204);
    expect((await chatOf(bob, chatId)).body).toMatchObject({ ownerId: bob.user.id });
    expect((await chatOf(ada, chatId)).status).toBe(404);
    expect((await remove(bob, chatId, carol)).status).toBe(204);
  });

  it('closes behind the last one', async () => {
    expect((await remove(bob, chatId, bob)).status).toBe(204);
    expect((await add(bob, chatId, ada)).status).toBe(404);
    const [chat] = await server.database.query(
      'SELECT closed_at IS NOT NULL AS closed FROM chats WHERE id = $1',
      [chatId],
    );
    expect(chat).toEqual({ closed: true });
  });
});

it('lists the own chats once each while one pages through them', async () => {
  const [eve] = (await people(server, 1)) as [KeyHolder];
  const made: string[] = [];
  for (let i = 0; i < 5; i++) made.unshift(await startChat(eve, [dan], `no. ${i}`));
  const first = (await eve.browser.get('/api/chats?limit=2')).body;
  await startChat(eve, [dan], 'meanwhile');
  const second = (await eve.browser.get(`/api/chats?limit=2&cursor=${first.nextCursor}`)).body;
  const third = (await eve.browser.get(`/api/chats?limit=2&cursor=${second.nextCursor}`)).body;
  expect([first, second, third].flatMap(({ items }) => items.map(({ id }: { id: string }) => id))).toEqual(
    made,
  );
  expect(third.nextCursor).toBeNull();
  expect((await eve.browser.get('/api/chats?cursor=x')).status).toBe(400);
  expect((await eve.browser.get('/api/chats?limit=101')).status).toBe(400);
});
