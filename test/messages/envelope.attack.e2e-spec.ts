import { recipientsHash } from '@sealgate/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeKeys, seal, send, type KeyHolder, type Sealed } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, shutDown, startChat } from './support/circle.js';

let server: TestApp;
let ada: KeyHolder, bob: KeyHolder, eve: KeyHolder;
let chatId: string;
let sealed: Sealed;

beforeAll(async () => {
  server = await startTestApp();
  [ada, bob, eve] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
  chatId = await startChat(ada, [bob]);
});
beforeEach(async () => {
  sealed = await seal(ada, chatId, [ada, bob]);
});
afterAll(() => shutDown(server));

const post = ({ browser }: KeyHolder, body: unknown) => browser.post('/api/messages/send', body);
const text = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
const headerOf = ({ envelope }: Sealed): Record<string, unknown> =>
  JSON.parse(Buffer.from(envelope.protected, 'base64url').toString());
const changed = (change: object) => ({ ...sealed, envelope: { ...sealed.envelope, ...change } });
const withHeader = (change: object) => changed({ protected: text({ ...headerOf(sealed), ...change }) });
const [first, second] = [() => sealed.envelope.recipients[0], () => sealed.envelope.recipients[1]];

describe('an envelope that is not what it says', () => {
  it.each([
    ['names another sender', () => withHeader({ from: bob.user.id })],
    ['names another chat', () => withHeader({ chat: crypto.randomUUID() })],
    ['names another message', () => withHeader({ id: crypto.randomUUID() })],
    ['was sealed under another id', () => ({ ...sealed, id: crypto.randomUUID() })],
  ])('is refused as misplaced where it %s', async (_, forged) => {
    const answer = await post(ada, forged());
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_envelope', reason: 'misplaced' });
  });

  it('is refused as misplaced where a member sends it on as the other', async () => {
    const answer = await post(bob, sealed);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_envelope', reason: 'misplaced' });
  });

  it('is refused as misplaced in another chat of the same people', async () => {
    const other = await startChat(ada, [bob], 'Cellar');
    const answer = await post(ada, { ...sealed, chatId: other });
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_envelope', reason: 'misplaced' });
  });

  it.each([
    ['is no object', () => ({ ...sealed, envelope: 'x' })],
    ['is a list', () => ({ ...sealed, envelope: [] })],
    ['is missing', () => ({ id: sealed.id, chatId })],
    ['is empty', () => ({ ...sealed, envelope: {} })],
    ['has one member more', () => changed({ aad: '' })],
    ['has an unprotected header', () => changed({ unprotected: {} })],
    ['has no recipients', () => changed({ recipients: [] })],
    ['names a recipient twice', () => changed({ recipients: [first(), first()] })],
    ['has a recipient with more to it', () => changed({ recipients: [{ ...first(), x: 1 }, second()] })],
    ['has a short key', () => changed({ recipients: [{ ...first(), encrypted_key: 'AAAA' }, second()] })],
    ['has white space in its base64url', () => changed({ tag: `${sealed.envelope.tag.slice(0, -1)} ` })],
    ['pads its base64url', () => changed({ tag: `${sealed.envelope.tag}==` })],
    ['zips', () => withHeader({ zip: 'DEF' })],
    ['brings a key along', () => withHeader({ jwk: {} })],
    ['uses RSA1_5', () => withHeader({ alg: 'RSA1_5' })],
    ['uses CBC', () => withHeader({ enc: 'A256CBC-HS512' })],
    ['has another type', () => withHeader({ typ: 'JOSE' })],
    ['hides a recipient from its header', () => withHeader({ to: 'A'.repeat(43) })],
    ['drops a recipient that its header counts', () => changed({ recipients: [first()] })],
    ['has a large ciphertext', () => changed({ ciphertext: 'A'.repeat(120_000) })],
  ])('is refused as malformed where it %s', async (_, forged) => {
    const answer = await post(ada, forged());
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_envelope', reason: 'malformed' });
  });

  it.each([
    ['an unknown member', () => ({ ...sealed, seq: 1 })],
    ['an id that is no UUID', () => ({ ...sealed, id: '1' })],
    ['a list of chats', () => ({ ...sealed, chatId: [chatId] })],
  ])('is not even looked at in a request with %s', async (_, body) => {
    expect((await post(ada, body())).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });
});

describe('somebody who is no member', () => {
  it('cannot send, and cannot tell the chat from none', async () => {
    const strangers = await seal(eve, chatId, [ada, bob, eve]);
    const nowhere = await seal(eve, crypto.randomUUID(), [eve]);
    for (const message of [strangers, nowhere]) {
      const { status, body } = await post(eve, message);
      expect([status, body.code, body.title]).toEqual([404, 'not_found', 'Not found']);
    }
  });

  it('can neither read nor change the chat', async () => {
    await send(ada, sealed);
    const requests: [string, string][] = [
      ['GET', `/api/chats/${chatId}`],
      ['GET', `/api/messages/history/${chatId}`],
      ['PUT', `/api/chats/${chatId}/members/${eve.user.id}`],
      ['DELETE', `/api/chats/${chatId}/members/${ada.user.id}`],
      ['DELETE', `/api/messages/${sealed.id}`],
      ['PATCH', `/api/messages/mark-read/${sealed.id}`],
    ];
    for (const [method, path] of requests) {
      const { status, body } = await eve.browser.send(method, path);
      expect([method, status, body.code]).toEqual([method, 404, 'not_found']);
    }
    expect((await eve.browser.get(`/api/messages/receive/${eve.user.id}`)).body.items).toEqual([]);
  });
});

describe('recipients that are not the members’ current keys', () => {
  const stale = async (to: readonly KeyHolder[]) => (await post(ada, await seal(ada, chatId, to))).body;
  const key = ({ user, keys, version }: KeyHolder) => ({
    userId: user.id,
    kid: keys.encryption.jwk.kid,
    version,
  });

  it('are refused with what is missing and what is too much', async () => {
    expect(await stale([ada])).toMatchObject({
      status: 409,
      code: 'stale_recipients',
      missing: [key(bob)],
      extra: [],
    });
    const { missing, extra } = await stale([ada, eve]);
    expect([missing, extra]).toEqual([[key(bob)], [key(eve).kid]]);
    const listener = await stale([ada, bob, eve]);
    expect([listener.missing, listener.extra]).toEqual([[], [key(eve).kid]]);
  });

  it('are refused once a member has new keys; what was stored before is answered as before', async () => {
    await send(ada, sealed);
    const before = bob;
    bob = await changeKeys(bob);
    const answer = await stale([ada, before]);
    expect([answer.missing, answer.extra]).toEqual([[key(bob)], [key(before).kid]]);
    expect((await post(ada, sealed)).status).toBe(200);
    await send(ada, await seal(ada, chatId, [ada, bob]));
    // Who has changed keys still gets the own entry of what was sealed to the old one.
    const { items } = (await bob.browser.get(`/api/messages/history/${chatId}?limit=2`)).body;
    const kids = items.map(({ envelope }: { envelope: Sealed['envelope'] }) =>
      envelope.recipients.map(({ header }) => header.kid),
    );
    expect(kids).toEqual([[key(bob).kid], [key(before).kid]]);
  });

  it('cannot be smuggled in under a right hash', async () => {
    const recipients = [first(), second(), { ...second(), header: { kid: eve.keys.encryption.jwk.kid } }];
    const to = await recipientsHash(recipients.map((entry) => String(entry?.header?.kid)));
    const forged = { ...withHeader({ to }).envelope, recipients };
    const { body } = await post(ada, { ...sealed, envelope: forged });
    expect(body).toMatchObject({
      code: 'stale_recipients',
      missing: [],
      extra: [eve.keys.encryption.jwk.kid],
    });
  });
});

describe('an id', () => {
  it('names one message: 409 for other bytes, in another chat, and by another sender', async () => {
    await send(ada, sealed);
    const { id } = sealed;
    const other = await startChat(ada, [bob], 'Cellar');
    const others: [KeyHolder, Sealed][] = [
      [ada, await seal(ada, chatId, [ada, bob], { id })],
      [ada, await seal(ada, other, [ada, bob], { id })],
      [bob, await seal(bob, chatId, [ada, bob], { id })],
    ];
    for (const [sender, message] of others)
      expect((await post(sender, message)).body).toMatchObject({ status: 409, code: 'message_id_reused' });
    expect((await post(ada, { ...sealed, id: id.toUpperCase() })).status).toBe(200);
  });

  it('is free again after a refusal', async () => {
    const { id } = sealed;
    expect((await post(ada, await seal(ada, chatId, [ada], { id }))).status).toBe(409);
    await send(ada, sealed);
  });
});
