import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../base64url.js';
import { utf8 } from '../bytes.js';
import type { ProtocolReason } from '../errors.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import { quickRefusal, refusal } from '../testing/refusal.js';
import { testKeys } from '../testing/test-keys.js';
import type { AccountKeys } from './account-keys.js';
import type { KeyStatementJson, ParsedKeyStatement } from './key-statement.js';
import { makeKeyStatement } from './make-key-statement.js';
import { parseKeyStatement } from './parse-key-statement.js';
import { verifyKeyStatement, verifyStatementChain } from './verify-key-statement.js';

vi.setConfig({ testTimeout: 60_000 });

const user = '0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10';
const createdAt = '2026-01-02T03:04:05Z';
const [ada, bob, eve] = [await testKeys('ada'), await testKeys('bob'), await testKeys('eve')];
const signer = (keys: AccountKeys) => ({ kid: keys.signing.jwk.kid, privateKey: keys.signing.privateKey });
const base = { user, createdAt, previous: null, reset: false };

const first = await makeKeyStatement({ ...base, version: 1, keys: ada });
const second = await makeKeyStatement({
  ...base,
  version: 2,
  keys: bob,
  previous: first.payloadHash,
  previousSigningKey: signer(ada),
});
const third = await makeKeyStatement({
  ...base,
  version: 3,
  keys: eve,
  previous: second.payloadHash,
  reset: true,
});

/** The statement with another payload, signed anew by the same keys. */
async function resigned(change: Record<string, unknown>, from: ParsedKeyStatement = first, keys = [ada]) {
  const payload = { ...(parseJsonObject(from.payloadBytes) as object), ...change };
  return signText(JSON.stringify(payload), keys);
}

async function signText(
  text: string,
  keys: readonly AccountKeys[],
  header: object = {},
): Promise<KeyStatementJson> {
  const payload = encodeBase64url(utf8(text));
  const signatures = await Promise.all(
    keys.map(async ({ signing }) => {
      const json = JSON.stringify({
        alg: 'ES256',
        kid: signing.jwk.kid,
        typ: 'sealgate-keys+jws',
        ...header,
      });
      const protectedHeader = encodeBase64url(utf8(json));
      const data = utf8(`${protectedHeader}.${payload}`);
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        signing.privateKey,
        data,
      );
      return { protected: protectedHeader, signature: encodeBase64url(new Uint8Array(signature)) };
    }),
  );
  return { payload, signatures };
}

const parseReason = (json: unknown) => quickRefusal(() => parseKeyStatement(json));
const copy = (json: unknown): Promise<ParsedKeyStatement> =>
  parseKeyStatement(JSON.parse(JSON.stringify(json)));

describe('a chain of statements', () => {
  it('verifies from its JSON, handed over once and reset once', async () => {
    const chain = await Promise.all([first, second, third].map(({ json }) => copy(json)));
    const verified = await verifyStatementChain(chain, user);
    expect(verified.map(({ payload }) => [payload.version, payload.reset])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(second.signedBy).toEqual([bob.signing.jwk.kid, ada.signing.jwk.kid]);
    expect(third.signedBy).toEqual([eve.signing.jwk.kid]);
  });

  it('hashes the payload alone', async () => {
    const again = await makeKeyStatement({ ...base, version: 1, keys: ada });
    expect(again.json.signatures).not.toEqual(first.json.signatures);
    expect(again.payloadHash).toBe(first.payloadHash);
  });

  it.each<[ProtocolReason, string, () => Promise<unknown>]>([
    ['user', 'another account’s', () => verifyStatementChain([first], 'f'.repeat(8) + user.slice(8))],
    ['version', 'one without its beginning', () => verifyStatementChain([second, third], user)],
    ['version', 'one with a hole', () => verifyStatementChain([first, third], user)],
    ['version', 'one with a statement twice', () => verifyKeyStatement(first, { previous: first })],
    [
      'reused-key',
      'one that goes back to old keys',
      async () => {
        const back = await makeKeyStatement({
          ...base,
          version: 2,
          keys: ada,
          previous: first.payloadHash,
          reset: true,
        });
        return verifyStatementChain([first, back], user);
      },
    ],
    [
      'previous',
      'one after a forged beginning',
      async () => {
        const forged = await makeKeyStatement({
          ...base,
          version: 1,
          keys: ada,
          createdAt: '2026-01-02T03:04:06Z',
        });
        return verifyKeyStatement(second, { previous: forged });
      },
    ],
    [
      'signature',
      'one handed over by somebody else',
      async () => {
        const stolen = {
          ...base,
          version: 2,
          keys: bob,
          previous: first.payloadHash,
          previousSigningKey: signer(eve),
        };
        return verifyKeyStatement(await makeKeyStatement(stolen), { previous: first });
      },
    ],
    [
      'signature',
      'one handed over in another’s name',
      async () => {
        const previousSigningKey = { kid: ada.signing.jwk.kid, privateKey: eve.signing.privateKey };
        const stolen = { ...base, version: 2, keys: bob, previous: first.payloadHash, previousSigningKey };
        return verifyKeyStatement(await makeKeyStatement(stolen), { previous: first });
      },
    ],
    [
      'signature',
      'one handed over by the right key under a wrong name',
      async () => {
        const previousSigningKey = { kid: eve.signing.jwk.kid, privateKey: ada.signing.privateKey };
        const stolen = { ...base, version: 2, keys: bob, previous: first.payloadHash, previousSigningKey };
        return verifyKeyStatement(await makeKeyStatement(stolen), { previous: first });
      },
    ],
    [
      'user',
      'one that moves to another account',
      async () => {
        const moved = {
          ...base,
          user: 'f'.repeat(8) + user.slice(8),
          version: 2,
          keys: bob,
          previous: first.payloadHash,
        };
        const statement = await makeKeyStatement({ ...moved, previousSigningKey: signer(ada) });
        return verifyKeyStatement(statement, { previous: first });
      },
    ],
    [
      'signature',
      'one whose new key did not sign',
      async () => {
        const { payload, signatures } = await resigned({}, first, [eve]);
        const [signature] = signatures;
        const protectedHeader = first.json.signatures[0]?.protected;
        return verifyKeyStatement(
          await copy({ payload, signatures: [{ ...signature, protected: protectedHeader }] }),
        );
      },
    ],
  ])('is refused as %s: %s', async (reason, _, call) => {
    expect(await refusal(call)).toBe(reason);
  });
});

describe('parseKeyStatement', () => {
  it.each<[ProtocolReason, object]>([
    ['malformed', { v: 2 }],
    ['malformed', { user: 'ada' }],
    ['malformed', { version: 0 }],
    ['malformed', { version: 1.5 }],
    ['malformed', { version: 2 ** 31 }],
    ['previous', { version: 2 }],
    ['previous', { previous: first.payloadHash }],
    ['malformed', { previous: '' }],
    ['reset', { reset: true }],
    ['malformed', { reset: 0 }],
    ['malformed', { createdAt: 'yesterday' }],
    ['malformed', { extra: 1 }],
    ['signature', { version: 2, previous: first.payloadHash }],
    ['signature', { signingKey: bob.signing.jwk }],
    ['exponent', { encryptionKey: { ...ada.encryption.jwk, e: 'AQ' } }],
    ['private-member', { signingKey: { ...ada.signing.jwk, d: 'AA' } }],
    ['thumbprint', { signingKey: { ...ada.signing.jwk, kid: bob.signing.jwk.kid } }],
    ['algorithm', { encryptionKey: ada.signing.jwk }],
  ])('answers %s for a payload with %j', async (reason, change) => {
    expect(await parseReason(await resigned(change as Record<string, unknown>))).toBe(reason);
  });

  it.each<[ProtocolReason, object]>([
    ['algorithm', { alg: 'none' }],
    ['algorithm', { alg: 'HS256' }],
    ['malformed', { typ: 'sealgate-msg+jws' }],
    ['malformed', { crit: ['b64'], b64: false }],
    ['malformed', { jwk: ada.signing.jwk }],
    ['signature', { kid: bob.signing.jwk.kid }],
  ])('answers %s for a header with %j', async (reason, header) => {
    expect(await parseReason(await signText(JSON.stringify(first.payload), [ada], header))).toBe(reason);
  });

  it('refuses missing, extra, repeated and unordered signatures', async () => {
    const [newest, old] = second.json.signatures;
    const { payload } = second.json;
    for (const signatures of [[newest], [old], [old, newest], [newest, newest]]) {
      expect(await parseReason({ payload, signatures })).toBe('signature');
    }
    for (const signatures of [[], [newest, old, old], {}, null]) {
      expect(await parseReason({ payload, signatures })).toBe('malformed');
    }
    expect(await parseReason({ ...first.json, signatures: [...first.json.signatures, old] })).toBe(
      'signature',
    );
    expect(await parseReason({ ...third.json, signatures: [...third.json.signatures, newest] })).toBe(
      'signature',
    );
  });

  it('refuses a payload that names a member twice, and text that only jose would read', async () => {
    const text = JSON.stringify(first.payload);
    expect(await parseReason(await signText(text.replace('{"v":1', '{"v":1,"v":1'), [ada]))).toBe(
      'malformed',
    );
    const [signature] = first.json.signatures;
    for (const change of [
      { payload: `${first.json.payload}=` },
      { payload: ` ${first.json.payload}` },
      { header: {} },
    ]) {
      expect(await parseReason({ ...first.json, ...change })).toBe('malformed');
    }
    for (const change of [{ signature: `${signature?.signature ?? ''}==` }, { header: { kid: 'x' } }]) {
      expect(await parseReason({ ...first.json, signatures: [{ ...signature, ...change }] })).toBe(
        'malformed',
      );
    }
  });

  it('does not verify with any bit of the payload or a signature changed', async () => {
    const flip = (text: string, bit: number) => {
      const bytes = decodeBase64url(text);
      const index = Math.floor(bit / 8) % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit % 8));
      return encodeBase64url(bytes);
    };
    const [newest, old] = second.json.signatures;
    const changed = (part: number, bit: number): unknown => {
      if (part === 0) return { ...second.json, payload: flip(second.json.payload, bit) };
      const signatures = [newest, old].map((signature, i) =>
        i === part - 1 ? { ...signature, signature: flip(signature?.signature ?? '', bit) } : signature,
      );
      return { ...second.json, signatures };
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 }), fc.nat(), async (part, bit) => {
        const verify = async () => verifyKeyStatement(await copy(changed(part, bit)), { previous: first });
        expect(await refusal(verify)).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  it('refuses arbitrary JSON and arbitrary bytes, quickly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.uint8Array(), fc.string()), async (value) => {
        expect(await parseReason(value)).toBe('malformed');
        expect(await parseReason({ ...first.json, payload: value })).toBe('malformed');
        expect(await parseReason({ ...first.json, signatures: value })).toBe('malformed');
      }),
    );
  });
});

it('makes no statement that a caller got wrong', async () => {
  await expect(
    makeKeyStatement({ ...base, version: 2, keys: bob, previous: first.payloadHash }),
  ).rejects.toThrow(TypeError);
  const needless = { ...base, version: 1, keys: ada, previousSigningKey: signer(bob) };
  await expect(makeKeyStatement(needless)).rejects.toThrow(TypeError);
});
