import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../base64url.js';
import { padPayload } from './message-payload.js';
import type { OpenReason } from '../errors.js';
import { quickRefusal } from '../testing/refusal.js';
import {
  adaId,
  body,
  bobId,
  bobOpens,
  content,
  forge,
  type Forgery,
  ids,
  otherId,
  people,
  seal,
} from '../testing/test-messages.js';
import { type OpenInput, openMessage } from './open-message.js';
import { recipientsHash } from './envelope-hash.js';

vi.setConfig({ testTimeout: 60_000 });

const { ada, bob, eve } = people;
const kids = [ada.encryption.jwk.kid, bob.encryption.jwk.kid].sort();
const valid = await seal();
const row = { id: ids.id, chatId: ids.chat, senderId: ids.from, seq: 7 };
const opening = (envelope: unknown, change?: Partial<OpenInput>) =>
  quickRefusal(() => openMessage(bobOpens(envelope, change)));
const forged = async (forgery: Forgery, change?: Partial<OpenInput>) => opening(await forge(forgery), change);

it('opens what the forger makes when it breaks no rule', async () => {
  expect(await forged({})).toBeUndefined();
});

describe('the server', () => {
  it.each<[string, Partial<typeof row>]>([
    ['another id', { id: otherId }],
    ['another chat', { chatId: otherId }],
    ['another sender', { senderId: bobId }],
  ])('shows it as misplaced under %s', async (_, change) => {
    expect(await opening(valid, { row: { ...row, ...change } })).toBe('misplaced');
  });

  it('gives it to somebody whom it is not for', async () => {
    const reader = {
      keys: new Map([[eve.encryption.jwk.kid, eve.encryption.privateKey]]),
      lostKids: new Set<string>(),
    };
    expect(await opening(valid, { reader })).toBe('not-for-this-key');
    expect(await opening({ ...valid, recipients: [] })).toBe('not-for-this-key');
  });

  it('gives it to a reader who lost the key', async () => {
    const lostKids = new Set([bob.encryption.jwk.kid]);
    expect(await opening(valid, { reader: { keys: new Map(), lostKids } })).toBe('key-lost');
    const keys = new Map([[bob.encryption.jwk.kid, bob.encryption.privateKey]]);
    expect(await opening(valid, { reader: { keys, lostKids } })).toBeUndefined();
  });

  it('puts Bob’s name on another’s entry, or mixes two messages', async () => {
    const [first, second] = valid.recipients;
    const swapped = [
      { ...first, header: second?.header },
      { ...second, header: first?.header },
    ];
    expect(await opening({ ...valid, recipients: swapped })).toBe('tampered');
    const other = await seal({ body: { type: 'text', text: 'No.' } });
    expect(await opening({ ...valid, recipients: other.recipients })).toBe('tampered');
    expect(await opening({ ...valid, ciphertext: other.ciphertext, tag: other.tag, iv: other.iv })).toBe(
      'tampered',
    );
    expect(
      await opening(
        { ...valid, protected: (await seal({ id: otherId })).protected },
        { row: { ...row, id: otherId } },
      ),
    ).toBe('tampered');
  });

  it('cannot change a single bit unnoticed', async () => {
    const own = valid.recipients.find(({ header }) => header.kid === bob.encryption.jwk.kid);
    const parts = {
      protected: valid.protected,
      iv: valid.iv,
      ciphertext: valid.ciphertext,
      tag: valid.tag,
      key: own?.encrypted_key ?? '',
    };
    const names = Object.keys(parts) as (keyof typeof parts)[];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), async (name, bit) => {
        const bytes = decodeBase64url(parts[name]);
        const index = Math.floor(bit / 8) % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit % 8));
        const changed = { ...parts, [name]: encodeBase64url(bytes) };
        const { key, ...rest } = changed;
        const envelope = { ...rest, recipients: [{ header: own?.header, encrypted_key: key }] };
        const expected = name === 'protected' ? ['malformed', 'misplaced', 'tampered'] : ['tampered'];
        expect(expected).toContain(await opening(envelope));
      }),
      { numRuns: 400 },
    );
  });
});

describe('a sender', () => {
  it.each<[OpenReason, string, Forgery]>([
    ['malformed', 'says nothing signed', { jws: 'hello' }],
    ['malformed', 'signs nothing', { jws: `${encodeBase64url(Uint8Array.of(0x7b, 0x7d))}.e30.` }],
    ['malformed', 'signs for another purpose', { innerHeader: { typ: 'sealgate-keys+jws' } }],
    ['malformed', 'names a header that is not needed', { innerHeader: { cty: 'text/plain' } }],
    ['malformed', 'sends its key along', { innerHeader: { jwk: eve.signing.jwk } }],
    ['malformed', 'names no kid', { innerHeader: { kid: undefined } }],
    ['malformed', 'compresses', { outerHeader: { zip: 'DEF' } }],
    [
      'malformed',
      'does not pad to a bucket',
      { payload: JSON.stringify({ ...content, v: 1, to: kids, pad: '' }) },
    ],
    ['malformed', 'is of version 2', { payload: { v: 2 } }],
    ['malformed', 'adds a member', { payload: { reply: null } }],
    ['malformed', 'has a strange body', { payload: { body: { type: 'html', text: '' } } }],
    ['malformed', 'has a body with more', { payload: { body: { ...body, url: '' } } }],
    ['malformed', 'does not sort to', { payload: { to: [...kids].reverse() } }],
    ['malformed', 'repeats itself in to', { payload: { to: [kids[0], kids[0], kids[1]] } }],
    ['malformed', 'counts from 0', { payload: { previous: { seq: 0, hash: kids[0] } } }],
    ['malformed', 'has no time', { payload: { sent: '2026-02-30T00:00:00Z' } }],
    ['malformed', 'has a head without a root', { payload: { log: { size: 1, root: '' } } }],
    ['unknown-sender-key', 'signs with a key of its own', { signer: eve }],
    ['bad-signature', 'signs in Ada’s name', { signer: eve, innerHeader: { kid: ada.signing.jwk.kid } }],
    ['forwarded', 'signed another id', { payload: { id: otherId } }],
    ['forwarded', 'signed another chat', { payload: { chat: otherId } }],
    ['forwarded', 'signed as another', { payload: { from: bobId } }],
    ['forwarded', 'signed it for others', { payload: { to: [ada.encryption.jwk.kid] } }],
    ['forwarded', 'signed it for more', { payload: { to: [...kids, eve.encryption.jwk.kid].sort() } }],
  ])('is refused as %s when it %s', async (reason, _, forgery) => {
    expect(await forged(forgery)).toBe(reason);
  });

  it('is refused as forwarded when the outer header names the recipients of another message', async () => {
    const to = await recipientsHash([bob.encryption.jwk.kid]);
    expect(await forged({ outerHeader: { to } })).toBe('forwarded');
  });

  it('is refused as malformed for padding that says something', async () => {
    const text = new TextDecoder().decode(padPayload({ ...content, to: kids }));
    for (const pad of ['000001"}', '00000 "}']) {
      const secret = text.slice(0, -pad.length) + pad;
      expect(secret).toHaveLength(text.length);
      expect(await forged({ payload: secret })).toBe('malformed');
    }
  });

  it('is refused as malformed for a payload that names a member twice', async () => {
    const text = new TextDecoder().decode(padPayload({ ...content, to: kids }));
    const twice = text.replace('"v":1,', '"v":1,"v":1,').replace(/0{6}"}$/, '"}');
    expect(twice).toHaveLength(text.length);
    expect(await forged({ payload: twice })).toBe('malformed');
  });
});

it('keeps a member from forwarding a message with the sender’s signature', async () => {
  const { plaintext } = await import('jose').then(({ generalDecrypt }) =>
    generalDecrypt(structuredClone(valid) as Parameters<typeof generalDecrypt>[0], bob.encryption.privateKey),
  );
  const jws = new TextDecoder().decode(plaintext);
  const reader = {
    keys: new Map([[eve.encryption.jwk.kid, eve.encryption.privateKey]]),
    lostKids: new Set<string>(),
  };
  expect(await forged({ jws, recipients: [ada, eve] }, { reader })).toBe('forwarded');
  // With the hash of the recipients that the sender signed: only that Eve is not one of them gives it away.
  expect(
    await forged(
      { jws, recipients: [ada, eve], outerHeader: { to: await recipientsHash(kids) } },
      { reader },
    ),
  ).toBe('forwarded');
  expect(await forged({ jws, outerHeader: { chat: otherId } }, { row: { ...row, chatId: otherId } })).toBe(
    'forwarded',
  );
});

it('checks in the order of the protocol', async () => {
  const envelope = await forge({ signer: eve, payload: { id: otherId } });
  expect(await opening(envelope, { row: { ...row, id: otherId } })).toBe('misplaced');
  expect(await opening(envelope)).toBe('unknown-sender-key');
  expect(
    await opening(
      await forge({ signer: eve, innerHeader: { kid: ada.signing.jwk.kid }, payload: { id: otherId } }),
    ),
  ).toBe('bad-signature');
});

it('asks for the key of the row’s sender and believes no answer with another name', async () => {
  const asked: string[] = [];
  const senderKey = (user: string, kid: string) => {
    asked.push(user, kid);
    return eve.signing.jwk;
  };
  expect(await opening(valid, { senderKey })).toBe('unknown-sender-key');
  expect(asked).toEqual([adaId, ada.signing.jwk.kid]);
});

it('refuses arbitrary JSON and arbitrary bytes, quickly', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.uint8Array()), async (value) => {
      expect(await opening(value)).toBe('malformed');
    }),
  );
});
