import { openMessage } from '@sealgate/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerKeys, seal, send, type KeyHolder } from '../support/keys.js';
import { signUp } from '../support/people.js';
import { shutDown } from './support/circle.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let ada: KeyHolder;
let bob: KeyHolder;
let chatId: string;

beforeAll(async () => {
  server = await startTestApp();
  ada = await registerKeys(await signUp(server));
  bob = await registerKeys(await signUp(server));
});
afterAll(() => shutDown(server));

it('is made once, whoever asks for it', async () => {
  const first = await ada.browser.post('/api/chats', { memberIds: [bob.user.id] });
  expect(first.status).toBe(201);
  chatId = first.body.id;
  const member = (holder: KeyHolder) => ({
    userId: holder.user.id,
    username: holder.user.username,
    displayName: holder.user.username,
    joinedAt: first.body.createdAt,
    joinedSeq: 0,
    lastReadSeq: 0,
    keyVersion: 1,
    kid: holder.keys.encryption.jwk.kid,
  });
  expect(first.body).toEqual({
    id: chatId,
    kind: 'direct',
    title: null,
    ownerId: null,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    lastSeq: 0,
    unreadCount: 0,
    members: [member(ada), member(bob)],
  });
  const second = await bob.browser.post('/api/chats', { memberIds: [ada.user.id] });
  expect(second.status).toBe(200);
  expect(second.body).toEqual(first.body);
});

it('takes a sealed message, which the other can open', async () => {
  const sealed = await seal(ada, chatId, [ada, bob], { text: 'Bring a lantern.' });
  const receipt = await send(ada, sealed);
  expect(receipt).toEqual({
    id: sealed.id,
    chatId,
    seq: 1,
    sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  const { items, nextCursor } = (await bob.browser.get(`/api/messages/history/${chatId}`)).body;
  expect(nextCursor).toBeNull();
  expect(items).toHaveLength(1);
  const { kid } = bob.keys.encryption.jwk;
  const own = sealed.envelope.recipients.filter(({ header }) => header.kid === kid);
  expect(items[0]).toEqual({
    id: sealed.id,
    chatId,
    seq: 1,
    senderId: ada.user.id,
    sentAt: receipt.sentAt,
    deletedAt: null,
    envelope: { ...sealed.envelope, recipients: own },
    recipientCount: 2,
  });
  const opened = await openMessage({
    envelope: items[0].envelope,
    row: items[0],
    reader: { keys: new Map([[kid, bob.keys.encryption.privateKey]]), lostKids: new Set() },
    senderKey: () => ada.keys.signing.jwk,
  });
  expect(opened.body).toEqual({ type: 'text', text: 'Bring a lantern.' });
});

it('answers a retry as the first time', async () => {
  const sealed = await seal(bob, chatId, [ada, bob]);
  const receipt = await send(bob, sealed);
  const again = await bob.browser.post('/api/messages/send', sealed);
  expect(again.status).toBe(200);
  expect(again.body).toEqual(receipt);
});

it('keeps its two members', async () => {
  const carol = await registerKeys(await signUp(server));
  const add = await ada.browser.put(`/api/chats/${chatId}/members/${carol.user.id}`);
  const leave = await ada.browser.delete(`/api/chats/${chatId}/members/${ada.user.id}`);
  for (const answer of [add, leave]) expect([answer.status, answer.body.code]).toEqual([409, 'direct_chat']);
});
