import { afterAll, beforeAll, expect, it } from 'vitest';
import { seal, send, type KeyHolder, type Sealed } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, startChat, shutDown } from './support/circle.js';

let server: TestApp;
let ada: KeyHolder, bob: KeyHolder, carol: KeyHolder;
let chatId: string;
let sealed: Sealed;

beforeAll(async () => {
  server = await startTestApp();
  [ada, bob, carol] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
  chatId = await startChat(ada, [bob], 'Cellar');
  sealed = await seal(ada, chatId, [ada, bob]);
  await send(ada, sealed);
});
afterAll(() => shutDown(server));

it('is the sender’s to do', async () => {
  expect((await bob.browser.delete(`/api/messages/${sealed.id}`)).body).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  expect((await carol.browser.delete(`/api/messages/${sealed.id}`)).status).toBe(404);
  for (const id of [crypto.randomUUID(), 'x'])
    expect((await ada.browser.delete(`/api/messages/${id}`)).status).toBe(404);
});

it('leaves a tombstone in the sequence, and nothing of what was sealed', async () => {
  expect((await ada.browser.delete(`/api/messages/${sealed.id}`)).status).toBe(204);
  await send(ada, await seal(ada, chatId, [ada, bob]));
  const { items } = (await bob.browser.get(`/api/messages/history/${chatId}?after=0`)).body;
  expect(items.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2]);
  expect(items[0]).toEqual({
    id: sealed.id,
    chatId,
    seq: 1,
    senderId: ada.user.id,
    sentAt: expect.any(String),
    deletedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    envelope: null,
    recipientCount: 2,
  });
  const secrets = [
    sealed.envelope.ciphertext,
    ...sealed.envelope.recipients.map((entry) => entry.encrypted_key),
  ];
  const kept = await server.database.query('SELECT m::text AS row FROM messages m');
  expect(kept).toHaveLength(2);
  for (const secret of secrets) expect(JSON.stringify(kept)).not.toContain(secret);
});

it('happens once', async () => {
  const before = await server.database.query('SELECT deleted_at FROM messages WHERE id = $1', [sealed.id]);
  expect((await ada.browser.delete(`/api/messages/${sealed.id}`)).status).toBe(204);
  expect(await server.database.query('SELECT deleted_at FROM messages WHERE id = $1', [sealed.id])).toEqual(
    before,
  );
});

it('does not bring the message back when it is sent again', async () => {
  const again = await ada.browser.post('/api/messages/send', sealed);
  expect([again.status, again.body.seq]).toEqual([200, 1]);
  const { items } = (await ada.browser.get(`/api/messages/history/${chatId}?after=0`)).body;
  expect([items.length, items[0].envelope]).toEqual([2, null]);
});
