import fc from 'fast-check';
import { CompactEncrypt, CompactSign, importJWK } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../base64url.js';
import { utf8 } from '../bytes.js';
import type { ProtocolReason } from '../errors.js';
import { sha256Base64url } from '../hash.js';
import type { AccountKeys } from '../keys/account-keys.js';
import { quickRefusal, refusal } from '../testing/refusal.js';
import { testKeys } from '../testing/test-keys.js';
import { makeSealedRequest } from './make-sealed-request.js';
import { makeSealedResponse } from './make-sealed-response.js';
import { openSealedRequest, type OpenSealedRequestInput } from './open-sealed-request.js';
import { openSealedResponse, type OpenSealedResponseInput } from './open-sealed-response.js';

vi.setConfig({ testTimeout: 60_000 });

const [server, client, other] = [await testKeys('ada'), await testKeys('bob'), await testKeys('eve')];
const now = 1_790_000_000;
const clientKey = client.encryption.jwk;
const request = {
  method: 'POST',
  path: '/api/chats?x=1',
  iat: now,
  clientKey,
  accessToken: 'a.b.c',
  body: { memberIds: ['é'] },
};
const made = await makeSealedRequest(server.encryption.jwk, request);
const keys = new Map([[server.encryption.jwk.kid, server.encryption.privateKey]]);
const target = { method: 'POST', path: '/api/chats?x=1' };
const opening = (jwe: unknown, change: Partial<OpenSealedRequestInput> = {}) =>
  quickRefusal(() => openSealedRequest({ jwe, keys, now, target, ...change }));

/** A request or an answer that jose alone seals, as wrong as asked for. */
async function sealTo(
  keys: AccountKeys,
  text: string | Uint8Array,
  header: Record<string, unknown>,
): Promise<string> {
  const { kid, ...jwk } = keys.encryption.jwk;
  return new CompactEncrypt(typeof text === 'string' ? utf8(text) : text)
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, ...header })
    .encrypt(await importJWK(jwk, 'RSA-OAEP-256'));
}
const plain = { v: 1, method: 'POST', path: '/api/chats?x=1', iat: now, jti: made.jti, clientKey };
const sealed = (change: Record<string, unknown>, header: Record<string, unknown> = {}) =>
  sealTo(server, JSON.stringify({ ...plain, ...change }), { typ: 'sealed-req+jwe', ...header });

function flip(compact: string, part: number, bit: number): string {
  const parts = compact.split('.');
  const bytes = decodeBase64url(parts[part] ?? '');
  const index = Math.floor(bit / 8) % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit % 8));
  return parts.map((text, i) => (i === part ? encodeBase64url(bytes) : text)).join('.');
}

describe('a sealed request', () => {
  it('opens at the route that it names, or at the route for all', async () => {
    const expected = { ...request, jti: made.jti, requestHash: await sha256Base64url(made.jwe) };
    expect(await openSealedRequest({ jwe: made.jwe, keys, now, target })).toEqual(expected);
    expect(await openSealedRequest({ jwe: made.jwe, keys, now, target: null })).toEqual(expected);
    expect(made.requestHash).toBe(expected.requestHash);
  });

  it('needs neither token nor body', async () => {
    const { jwe, jti } = await makeSealedRequest(server.encryption.jwk, {
      method: 'GET',
      path: '/',
      iat: now,
      clientKey,
    });
    const opened = await openSealedRequest({ jwe, keys, now, target: null });
    expect(Object.keys(opened).sort()).toEqual(['clientKey', 'iat', 'jti', 'method', 'path', 'requestHash']);
    expect(opened.jti).toBe(jti);
  });

  it('is from now, within a minute', async () => {
    for (const skew of [-60, 60]) expect(await opening(made.jwe, { now: now + skew })).toBeUndefined();
    for (const skew of [-61, 61]) expect(await opening(made.jwe, { now: now + skew })).toBe('stale');
  });

  it('is for one route', async () => {
    expect(await opening(made.jwe, { target: { ...target, method: 'PUT' } })).toBe('misdirected');
    expect(await opening(made.jwe, { target: { ...target, path: '/api/chats' } })).toBe('misdirected');
  });

  it('is for this server', async () => {
    expect(await opening(made.jwe, { keys: new Map() })).toBe('unknown-key');
    expect(
      await opening(made.jwe, { keys: new Map([[server.encryption.jwk.kid, other.encryption.privateKey]]) }),
    ).toBe('tampered');
  });

  it.each<[ProtocolReason, Record<string, unknown>]>([
    ['malformed', { v: 2 }],
    ['malformed', { method: 'post' }],
    ['malformed', { path: 'api/chats' }],
    ['malformed', { path: '/a b' }],
    ['malformed', { path: '/a#b' }],
    ['malformed', { path: '/é' }],
    ['malformed', { iat: now + 0.5 }],
    ['malformed', { iat: String(now) }],
    ['malformed', { jti: 'short' }],
    ['malformed', { jti: undefined }],
    ['malformed', { accessToken: '' }],
    ['malformed', { accessToken: null }],
    ['malformed', { accessToken: 'a\nb' }],
    ['malformed', { body: null }],
    ['malformed', { body: [] }],
    ['malformed', { body: 'text' }],
    ['malformed', { extra: 1 }],
    ['malformed', { clientKey: null }],
    ['exponent', { clientKey: { ...clientKey, e: 'AQ' } }],
    ['private-member', { clientKey: { ...clientKey, d: 'AQAB' } }],
    ['thumbprint', { clientKey: { ...clientKey, kid: other.encryption.jwk.kid } }],
  ])('is refused as %s with %j', async (reason, change) => {
    expect(await opening(await sealed(change))).toBe(reason);
  });

  it.each<Record<string, unknown>>([
    { typ: 'sealed-res+jwe' },
    { typ: 'sealgate-msg+jwe' },
    { typ: undefined },
    { cty: 'json' },
    { zip: 'DEF' },
    { alg: 'RSA-OAEP' },
    { enc: 'A128GCM' },
    { kid: 'mine' },
  ])('is refused as malformed with the header %j', async (header) => {
    const [old = '', ...rest] = made.jwe.split('.');
    const changed = { ...(JSON.parse(atob(old)) as object), ...header };
    expect(await opening([encodeBase64url(utf8(JSON.stringify(changed))), ...rest].join('.'))).toBe(
      'malformed',
    );
  });

  it('is refused with any bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.nat(), async (part, bit) => {
        const expected: unknown[] = part === 0 ? ['malformed', 'unknown-key', 'tampered'] : ['tampered'];
        expect(expected).toContain(await opening(flip(made.jwe, part, bit)));
      }),
      { numRuns: 300 },
    );
  });

  it('is refused as malformed in text that only jose would read', async () => {
    for (const text of [
      `${made.jwe}\n`,
      ` ${made.jwe}`,
      `${made.jwe}==`,
      `${made.jwe}.`,
      'a'.repeat(2_000_000),
      '.'.repeat(1_000_000),
    ]) {
      expect(await opening(text)).toBe('malformed');
    }
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.uint8Array(), fc.string()), async (value) => {
        expect(await opening(value)).toBe('malformed');
      }),
    );
    expect(await opening(await sealTo(server, Uint8Array.of(0xff), { typ: 'sealed-req+jwe' }))).toBe(
      'malformed',
    );
  });

  it('is not made of what no server would take', async () => {
    expect(await refusal(() => makeSealedRequest(server.encryption.jwk, { ...request, path: 'x' }))).toBe(
      'malformed',
    );
    const weak = { ...server.encryption.jwk, e: 'AQ' } as unknown as typeof clientKey;
    expect(await refusal(() => makeSealedRequest(weak, request))).toBe('exponent');
  });
});

const answer = {
  status: 201,
  headers: { 'content-type': 'application/json' },
  body: { id: 'é', list: [1, null] },
};
const signer = { kid: server.signing.jwk.kid, privateKey: server.signing.privateKey };
const opened = { clientKey, jti: made.jti, requestHash: made.requestHash };
const response = await makeSealedResponse({ ...answer, request: opened, signer });
const believing = (jwe: unknown, change: Partial<OpenSealedResponseInput> = {}): OpenSealedResponseInput => ({
  jwe,
  request: made,
  clientKey: { kid: clientKey.kid, privateKey: client.encryption.privateKey },
  serverKeys: new Map([[server.signing.jwk.kid, server.signing.jwk]]),
  ...change,
});
const nonce = 'A'.repeat(43);
const said = { v: 1, jti: made.jti, request: made.requestHash, nonce, ...answer };

async function forgedAnswer(change: {
  payload?: Record<string, unknown>;
  inner?: Record<string, unknown>;
  outer?: Record<string, unknown>;
  keys?: AccountKeys;
}): Promise<string> {
  const { signing } = change.keys ?? server;
  const jws = await new CompactSign(utf8(JSON.stringify({ ...said, ...change.payload })))
    .setProtectedHeader({ alg: 'ES256', kid: signing.jwk.kid, typ: 'sealed-res+jws', nonce, ...change.inner })
    .sign(signing.privateKey);
  return sealTo(client, jws, { typ: 'sealed-res+jwe', cty: 'sealed-res+jws', ...change.outer });
}

describe('a sealed response', () => {
  it('opens for the client that asked', async () => {
    expect(await openSealedResponse(believing(response))).toEqual(answer);
    expect(await openSealedResponse(believing(await forgedAnswer({})))).toEqual(answer);
  });

  it('may have no body', async () => {
    const jwe = await makeSealedResponse({ status: 204, headers: {}, body: null, request: opened, signer });
    expect(await openSealedResponse(believing(jwe))).toEqual({ status: 204, headers: {}, body: null });
  });

  it('never has a nonce twice', async () => {
    const twice = new Uint8Array(32).fill(9);
    await expect(
      makeSealedResponse({ ...answer, request: opened, signer, nonce: twice.slice(1) }),
    ).rejects.toThrow(TypeError);
    expect(
      await openSealedResponse(
        believing(await makeSealedResponse({ ...answer, request: opened, signer, nonce: twice })),
      ),
    ).toEqual(answer);
    expect(await makeSealedResponse({ ...answer, request: opened, signer })).not.toBe(response);
  });

  it.each<[ProtocolReason, string, Partial<OpenSealedResponseInput>]>([
    ['mismatched', 'another jti', { request: { ...made, jti: crypto.randomUUID() } }],
    ['mismatched', 'another request', { request: { ...made, requestHash: nonce } }],
    [
      'not-for-this-key',
      'another client',
      { clientKey: { kid: other.encryption.jwk.kid, privateKey: other.encryption.privateKey } },
    ],
    [
      'tampered',
      'another client under the same name',
      { clientKey: { kid: clientKey.kid, privateKey: other.encryption.privateKey } },
    ],
    ['unknown-key', 'another server', { serverKeys: new Map([[other.signing.jwk.kid, other.signing.jwk]]) }],
    [
      'bad-signature',
      'another server under the same name',
      { serverKeys: new Map([[server.signing.jwk.kid, other.signing.jwk]]) },
    ],
  ])('is refused as %s by %s', async (reason, _, change) => {
    expect(await refusal(() => openSealedResponse(believing(response, change)))).toBe(reason);
  });

  it.each<[ProtocolReason, Parameters<typeof forgedAnswer>[0]]>([
    ['mismatched', { inner: { nonce: 'B'.repeat(42) + 'A' } }],
    ['mismatched', { payload: { nonce: 'B'.repeat(42) + 'A' } }],
    ['mismatched', { payload: { jti: 'x' } }],
    ['malformed', { inner: { nonce: '' }, payload: { nonce: '' } }],
    ['malformed', { inner: { typ: 'sealgate-msg+jws' } }],
    ['malformed', { inner: { cty: 'json' } }],
    ['malformed', { outer: { typ: 'sealed-req+jwe' } }],
    ['malformed', { outer: { cty: 'json' } }],
    ['malformed', { outer: { cty: undefined } }],
    ['malformed', { payload: { v: 2 } }],
    ['malformed', { payload: { status: 99 } }],
    ['malformed', { payload: { headers: { a: 1 } } }],
    ['malformed', { payload: { headers: { a: 'b\r\nc: d' } } }],
    ['malformed', { payload: { headers: [] } }],
    ['malformed', { payload: { body: undefined } }],
    ['malformed', { payload: { extra: 1 } }],
    ['bad-signature', { keys: other, inner: { kid: server.signing.jwk.kid } }],
    ['unknown-key', { keys: other }],
  ])('is refused as %s with %j', async (reason, change) => {
    expect(await refusal(async () => openSealedResponse(believing(await forgedAnswer(change))))).toBe(reason);
  });

  it('is refused with any bit changed, and as arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.nat(), fc.jsonValue(), async (part, bit, value) => {
        const expected: unknown[] = part === 0 ? ['malformed', 'not-for-this-key', 'tampered'] : ['tampered'];
        expect(expected).toContain(
          await refusal(() => openSealedResponse(believing(flip(response, part, bit)))),
        );
        expect(await refusal(() => openSealedResponse(believing(value)))).toBe('malformed');
      }),
      { numRuns: 200 },
    );
  });
});
