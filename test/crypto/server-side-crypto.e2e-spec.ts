import {
  importAccountKeys,
  openMessage,
  parseKeyStatement,
  readerEnvelope,
  sealMessage,
  verifyStatementChain,
  type Envelope,
  type KeyStatementJson,
  type PrivateAccountJwks,
} from '@sealgate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { wholeDatabase } from '../support/leaks.js';
import { signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ SERVER_SIDE_CRYPTO: 'true' });
});
afterAll(() => server.close());

/** Somebody whose keys the server made: what it answered, with the private keys. */
interface PersonWithKeys extends Person {
  generated: PrivateAccountJwks & { statement: KeyStatementJson };
}

async function signUpWithGeneratedKeys(): Promise<PersonWithKeys> {
  const person = await signUp(server);
  const answer = await person.browser.post('/api/crypto/generate-keys');
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return { ...person, generated: answer.body };
}

async function startChat(): Promise<{
  ada: Awaited<ReturnType<typeof signUpWithGeneratedKeys>>;
  bob: Awaited<ReturnType<typeof signUpWithGeneratedKeys>>;
  chatId: string;
}> {
  const [ada, bob] = await Promise.all([signUpWithGeneratedKeys(), signUpWithGeneratedKeys()]);
  const chat = await ada.browser.post('/api/chats', { memberIds: [bob.user.id] });
  expect(chat.status, JSON.stringify(chat.body)).toBe(201);
  return { ada, bob, chatId: chat.body.id };
}

describe('keys that the server makes', () => {
  it('are shown once, with the statement that is registered, and kept nowhere', async () => {
    const ada = await signUp(server);
    const answer = await ada.browser.post('/api/crypto/generate-keys');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(answer.body).toSorted()).toEqual(['encryptionKey', 'signingKey', 'statement']);
    const { statement, encryptionKey, signingKey } = answer.body;
    const imported = await importAccountKeys({ encryptionKey, signingKey });
    const parsed = await parseKeyStatement(statement);
    expect(parsed.payload).toMatchObject({
      user: ada.user.id,
      version: 1,
      reset: false,
      previous: null,
      encryptionKey: imported.encryption.jwk,
      signingKey: imported.signing.jwk,
    });
    expect((await ada.browser.get(`/api/crypto/keys/${ada.user.id}`)).body.keys).toMatchObject([
      { statement },
    ]);
    const dump = await wholeDatabase(server.database);
    expect(dump).toContain(statement.payload);
    for (const secret of [
      encryptionKey.d,
      encryptionKey.p,
      encryptionKey.q,
      encryptionKey.qi,
      signingKey.d,
    ]) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
    }
  });

  it('are a reset from version 2 on, since nobody hands over', async () => {
    const ada = await signUpWithGeneratedKeys();
    const again = await ada.browser.post('/api/crypto/generate-keys');
    expect(again.status).toBe(201);
    const { body } = await ada.browser.get(`/api/crypto/keys/${ada.user.id}`);
    const chain = await Promise.all(
      body.keys.map((entry: { statement: unknown }) => parseKeyStatement(entry.statement)),
    );
    const verified = await verifyStatementChain(chain as never, ada.user.id);
    expect(verified.map(({ payload }) => payload.reset)).toEqual([false, true]);
    const { items } = (await ada.browser.get('/auth/events')).body;
    expect(items[0]).toMatchObject({ type: 'keys_reset' });
  });

  it('are not made for a client that forgot its statement', async () => {
    const ada = await signUp(server);
    for (const body of [{}, { statement: null }])
      expect((await ada.browser.post('/api/crypto/generate-keys', body)).status).toBe(400);
    expect((await ada.browser.get(`/api/crypto/keys/${ada.user.id}`)).body.keys).toEqual([]);
  });
});

describe('sealing on the server', () => {
  it('makes an envelope that the members can send and open, and says that it is not end-to-end', async () => {
    const { ada, bob, chatId } = await startChat();
    const id = newId();
    const sealed = await ada.browser.post('/api/crypto/encrypt', {
      id,
      chatId,
      plaintext: 'Grüße ✉',
      signingKey: ada.generated.signingKey,
    });
    expect(sealed).toMatchObject({ status: 200, body: { e2ee: false } });
    const { envelope } = sealed.body;
    const sent = await ada.browser.post('/api/messages/send', { id, chatId, envelope });
    expect(sent).toMatchObject({ status: 201, body: { id, chatId, seq: 1 } });

    for (const reader of [ada, bob]) {
      const opened = await reader.browser.post('/api/crypto/decrypt', {
        envelope: readerEnvelope(envelope, [reader.generated.encryptionKey.kid]),
        privateKey: reader.generated.encryptionKey,
      });
      expect(opened).toMatchObject({ status: 200 });
      expect(opened.body).toEqual({ plaintext: 'Grüße ✉', from: ada.user.id, e2ee: false });
    }
    // And without the server.
    const { encryption } = await importAccountKeys({
      encryptionKey: bob.generated.encryptionKey,
      signingKey: bob.generated.signingKey,
    });
    const message = await openMessage({
      envelope,
      row: { id, chatId, senderId: ada.user.id, seq: 1 },
      reader: { keys: new Map([[encryption.jwk.kid, encryption.privateKey]]), lostKids: new Set() },
      senderKey: async () => (await parseKeyStatement(ada.generated.statement)).payload.signingKey,
    });
    expect(message.body.text).toBe('Grüße ✉');
    expect(message.log?.size).toBeGreaterThan(0);
    expect(await wholeDatabase(server.database)).not.toContain('Grüße');
  });

  it('takes only the private half of the caller’s own current signing key', async () => {
    const { ada, bob, chatId } = await startChat();
    const old = ada.generated.signingKey;
    const { signingKey } = (await ada.browser.post('/api/crypto/generate-keys')).body;
    const { d, ...publicHalf } = signingKey;
    for (const wrong of [
      old,
      bob.generated.signingKey,
      { ...signingKey, d: old.d },
      { ...old, d: bob.generated.signingKey.d, kid: signingKey.kid },
      publicHalf,
      { ...signingKey, d: 'AAAA' },
      { ...signingKey, d: '' },
      { ...signingKey, d: 7 },
      {},
    ])
      expect(await encrypt(ada, { chatId, signingKey: wrong })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ pointer: '/signingKey' }] },
      });
    expect(d).toBeTypeOf('string');
    expect((await encrypt(ada, { chatId, signingKey })).status).toBe(200);
  });

  it('is not found in a chat of others, or none', async () => {
    const { ada, chatId } = await startChat();
    const eve = await signUpWithGeneratedKeys();
    for (const chat of [chatId, newId()])
      expect(await encrypt(eve, { chatId: chat, signingKey: eve.generated.signingKey })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    expect(ada.user.id).not.toBe(eve.user.id);
  });

  it('refuses what does not fit into a message', async () => {
    const { ada, chatId } = await startChat();
    const { signingKey } = ada.generated;
    for (const plaintext of ['x'.repeat(65_000 + 536), 'é'.repeat(40_000)])
      expect(await encrypt(ada, { chatId, signingKey, plaintext })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ pointer: '/plaintext' }] },
      });
    expect((await encrypt(ada, { chatId, signingKey, id: 'none' })).status).toBe(400);
    expect((await encrypt(ada, { chatId: 'none', signingKey })).status).toBe(400);
  });
});

describe('opening on the server', () => {
  it('names the first check that fails', async () => {
    const ada = await signUpWithGeneratedKeys();
    const eve = await signUpWithGeneratedKeys();
    const own = await sealFor(ada, ada);
    const { encryptionKey } = ada.generated;
    const flipped = own.tag.startsWith('A') ? `B${own.tag.slice(1)}` : `A${own.tag.slice(1)}`;
    for (const [reason, envelope, privateKey] of [
      ['malformed', {}, encryptionKey],
      ['malformed', 'envelope', encryptionKey],
      ['malformed', { ...own, aad: 'AA' }, encryptionKey],
      ['not-for-this-key', own, eve.generated.encryptionKey],
      ['tampered', { ...own, tag: flipped }, encryptionKey],
      // Signed by a key that is registered, but for somebody else.
      ['unknown-sender-key', await sealFor(ada, ada, { from: eve.user.id }), encryptionKey],
    ] as const)
      expect(await decrypt(ada, envelope, privateKey), reason).toMatchObject({
        status: 400,
        body: { code: 'invalid_envelope', reason },
      });
    expect((await decrypt(ada, own, encryptionKey)).status).toBe(200);
  });

  it('believes no signature under a registered kid by another key', async () => {
    const ada = await signUpWithGeneratedKeys();
    const eve = await signUpWithGeneratedKeys();
    const forged = await sealFor(eve, ada, { from: ada.user.id }, ada.generated.signingKey.kid);
    expect(await decrypt(ada, forged, ada.generated.encryptionKey)).toMatchObject({
      status: 400,
      body: { code: 'invalid_envelope', reason: 'bad-signature' },
    });
  });

  it('works with no key that would keep it busy or that is none', async () => {
    const ada = await signUpWithGeneratedKeys();
    const envelope = await sealFor(ada, ada);
    const { encryptionKey, signingKey } = ada.generated;
    for (const privateKey of [
      {},
      signingKey,
      { ...encryptionKey, d: undefined },
      { ...encryptionKey, e: 'AQ' },
      { ...encryptionKey, n: Buffer.alloc(20_000, 255).toString('base64url') },
      { ...encryptionKey, d: Buffer.alloc(20_000, 255).toString('base64url') },
    ])
      expect(await decrypt(ada, envelope, privateKey)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ pointer: '/privateKey' }] },
      });
    // Of the right size, but with factors that are not the modulus's.
    const broken = { ...encryptionKey, p: 'AQ', q: 'AQ' };
    expect(await decrypt(ada, envelope, broken)).toMatchObject({ status: 400, body: { reason: 'tampered' } });
  });
});

describe('where the operator has not opened it', () => {
  it('is forbidden before the body is looked at, and nothing else is', async () => {
    const closed = await startTestApp({ SERVER_SIDE_CRYPTO: 'false' });
    const { browser, user } = await signUp(closed);
    for (const answer of [
      await browser.post('/api/crypto/generate-keys'),
      await browser.post('/api/crypto/encrypt', { nonsense: 1 }),
      await browser.post('/api/crypto/encrypt'),
      await browser.post('/api/crypto/decrypt', {}),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'server_side_crypto_disabled' } });
    expect((await closed.browser().post('/api/crypto/decrypt', {})).status).toBe(401);
    expect((await browser.get(`/api/crypto/keys/${user.id}`)).body.keys).toEqual([]);
    await closed.close();
  });
});

function encrypt(person: Person, draft: object) {
  return person.browser.post('/api/crypto/encrypt', { id: newId(), plaintext: 'text', ...draft });
}

function decrypt(person: Person, envelope: unknown, privateKey: object) {
  return person.browser.post('/api/crypto/decrypt', { envelope, privateKey });
}

/** An envelope that somebody seals by themselves. */
async function sealFor(
  sender: PersonWithKeys,
  reader: PersonWithKeys,
  ids: { from?: string } = {},
  kid?: string,
): Promise<Envelope> {
  const { encryptionKey, signingKey } = sender.generated;
  const { signing } = await importAccountKeys({ encryptionKey, signingKey });
  const { payload } = await parseKeyStatement(reader.generated.statement);
  return sealMessage({
    id: newId(),
    chat: newId(),
    from: ids.from ?? sender.user.id,
    sent: new Date().toISOString(),
    previous: null,
    log: null,
    body: { type: 'text', text: 'text' },
    signer: { kid: kid ?? signing.jwk.kid, privateKey: signing.privateKey },
    recipients: [payload.encryptionKey],
  });
}
