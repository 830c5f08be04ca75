import { encodeBase64url, thumbprint, type AccountKeys } from '@sealgate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { payload, privateJwk, rocaModulus, rsaJwk, sign, smallModulus } from './forged-statement.js';
import { makeKeys, signUpWithKeys, state, succeeding, type KeyHolder } from './key-holder.js';
import { LogReader } from './log-reader.js';

const HASH = 'A'.repeat(43);

let server: TestApp;
let ada: KeyHolder;
let mallory: Person;
let keys: AccountKeys;
let sizeBefore: number;

beforeAll(async () => {
  server = await startTestApp();
  ada = await signUpWithKeys(server);
  mallory = await signUp(server);
  keys = await makeKeys();
  sizeBefore = (await new LogReader(server.browser()).head()).size;
});
afterAll(() => server.close());

const post = (person: Person, statement: unknown) =>
  person.browser.post('/api/crypto/generate-keys', { statement });

describe('a statement in somebody else’s name', () => {
  it('is refused, whoever signed it', async () => {
    const ownKeys = await state(ada, keys);
    expect(await post(mallory, ownKeys.json)).toMatchObject({
      status: 400,
      body: { code: 'invalid_key_statement', reason: 'user' },
    });
    // Ada's own, replayed by another.
    expect(await post(mallory, ada.statement.json)).toMatchObject({
      status: 400,
      body: { code: 'invalid_key_statement', reason: 'user' },
    });
  });

  it('is refused where it names a key of theirs as one’s own', async () => {
    const borrowed = { encryption: ada.keys.encryption, signing: keys.signing };
    expect(await post(mallory, (await state(mallory, borrowed)).json)).toMatchObject({
      status: 409,
      body: { code: 'key_already_registered' },
    });
    // The signing key too, without being able to sign with it.
    const stolen = payload(mallory.user.id, {
      ...keys,
      signing: { ...keys.signing, jwk: ada.keys.signing.jwk },
    });
    const statement = await sign(stolen, [keys], { kid: ada.keys.signing.jwk.kid });
    expect(await post(mallory, statement)).toMatchObject({
      status: 409,
      body: { code: 'key_already_registered' },
    });
  });
});

describe('a statement out of its place', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['the same again', async () => ada.statement.json],
    ['another first one', async () => (await state(ada, keys)).json],
    ['one that skips a version', async () => (await state(ada, keys, { ...succeeding(ada), version: 3 })).json],
    ['a wrong previous', async () => (await state(ada, keys, { ...succeeding(ada), previous: HASH })).json],
    ['a wrong previous and one signature', async () => (await state(ada, keys, { version: 2, previous: HASH, reset: true })).json],
    ['no previous', async () => sign(payload(ada.user.id, keys, { version: 2 }), [keys, ada.keys])],
    ['a first one with a previous', async () => sign(payload(ada.user.id, keys, { previous: HASH }), [keys])],
    ['a later version with the wrong signatures', async () => sign(payload(ada.user.id, keys, { version: 7, previous: HASH }), [keys])],
  ])('is a conflict: %s', async (_, make) => {
    expect(await post(ada, await make())).toMatchObject({
      status: 409,
      body: { code: 'key_version_conflict' },
    });
  }); // prettier-ignore

  it('is a conflict where there is no first one', async () => {
    const later = await state(mallory, keys, { version: 2, previous: HASH, reset: true });
    expect(await post(mallory, later.json)).toMatchObject({
      status: 409,
      body: { code: 'key_version_conflict' },
    });
  });

  it('is refused where it brings back a key of the account’s own', async () => {
    const again = { encryption: ada.keys.encryption, signing: keys.signing };
    expect(await post(ada, (await state(ada, again, succeeding(ada))).json)).toMatchObject({
      status: 409,
      body: { code: 'key_already_registered' },
    });
  });
});

describe('a successor that the old key did not vouch for', () => {
  it('is refused, whoever signed instead', async () => {
    const successor = payload(ada.user.id, keys, { version: 2, previous: ada.statement.payloadHash });
    const eve = await makeKeys();
    for (const statement of [
      await sign(successor, [keys]),
      await sign(successor, [keys, eve]),
      await sign(successor, [ada.keys, keys]),
      await sign(successor, [eve, ada.keys]),
      await sign({ ...successor, reset: true }, [keys, ada.keys]),
      // Eve's signature under Ada's name.
      await sign(successor, [keys, { ...eve, signing: { ...eve.signing, jwk: ada.keys.signing.jwk } }]),
    ])
      expect(await post(ada, statement)).toMatchObject({
        status: 400,
        body: { code: 'invalid_key_statement', reason: 'signature' },
      });
  });
});

describe('a key that must not be used', () => {
  const withEncryptionKey = async (jwk: unknown) =>
    sign(payload(mallory.user.id, keys, { encryptionKey: jwk }), [keys]);
  const withSigningKey = async (jwk: unknown) =>
    sign(payload(mallory.user.id, keys, { signingKey: jwk }), [keys]);

  it.each<[string, string, () => Promise<unknown>]>([
    ['e = 1', 'exponent', async () => withEncryptionKey(await rsaJwk(keys.encryption.jwk.n, 'AQ'))],
    ['e = 3', 'exponent', async () => withEncryptionKey(await rsaJwk(keys.encryption.jwk.n, 'Aw'))],
    ['ROCA', 'weak-modulus', async () => withEncryptionKey(await rsaJwk(rocaModulus()))],
    ['2048 bits', 'modulus-too-small', async () => withEncryptionKey(await rsaJwk(smallModulus()))],
    ['8192 bits', 'modulus-too-large', async () => withEncryptionKey(await rsaJwk(encodeBase64url(new Uint8Array(1024).fill(255))))],
    ['a private RSA member', 'private-member', async () => withEncryptionKey({ ...keys.encryption.jwk, d: 'AQ' })],
    ['a private EC member', 'private-member', async () => withSigningKey(await privateJwk(keys))],
    ['another kid', 'thumbprint', async () => withEncryptionKey({ ...keys.encryption.jwk, kid: HASH })],
    ['RSA1_5', 'algorithm', async () => withEncryptionKey({ ...keys.encryption.jwk, alg: 'RSA1_5' })],
    ['a key for the other use', 'algorithm', async () => withEncryptionKey(keys.signing.jwk)],
    ['a point off the curve', 'point-off-curve', async () => {
      const point = { kty: 'EC', crv: 'P-256', x: HASH, y: HASH } as const;
      return withSigningKey({ ...point, alg: 'ES256', use: 'sig', kid: await thumbprint(point) });
    }],
  ])('is refused: %s (%s)', async (_, reason, make) => {
    expect(await post(mallory, await make())).toMatchObject({
      status: 400,
      body: { code: 'invalid_key_statement', reason },
    });
  }); // prettier-ignore
});

describe('a statement that is none', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['nothing', 'malformed', async () => ({})],
    ['text', 'malformed', async () => 'statement'],
    ['a number', 'malformed', async () => 7],
    ['a list', 'malformed', async () => [ada.statement.json]],
    ['alg none', 'algorithm', async () => {
      const { json } = await state(mallory, keys);
      const header = JSON.stringify({ alg: 'none', kid: keys.signing.jwk.kid, typ: 'sealgate-keys+jws' });
      return { ...json, signatures: [{ ...json.signatures[0], protected: Buffer.from(header).toString('base64url') }] };
    }],
    ['another typ', 'malformed', async () => sign(payload(mallory.user.id, keys), [keys], { typ: 'JWT' })],
    ['a member twice', 'malformed', async () => sign(JSON.stringify(payload(mallory.user.id, keys)).replace('"v":1', '"v":1,"v":1'), [keys])],
    ['a reset at first', 'reset', async () => sign(payload(mallory.user.id, keys, { reset: true }), [keys])],
    ['an unprotected header', 'malformed', async () => {
      const { json } = await state(mallory, keys);
      return { ...json, signatures: [{ ...json.signatures[0], header: { kid: 'x' } }] };
    }],
    ['a broken signature', 'signature', async () => {
      const { json } = await state(mallory, keys);
      return { ...json, signatures: [{ ...json.signatures[0], signature: HASH + HASH }] };
    }],
  ])('is refused: %s (%s)', async (_, reason, make) => {
    expect(await post(mallory, await make())).toMatchObject({
      status: 400,
      body: { code: 'invalid_key_statement', reason },
    });
  }); // prettier-ignore

  it('is refused before it is read where the body has other members, or none', async () => {
    const { json } = await state(mallory, keys);
    for (const body of [{}, { statement: null }, { statement: json, force: true }])
      expect(await mallory.browser.post('/api/crypto/generate-keys', body)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
  });
});

it('leaves nothing behind of all that was refused', async () => {
  expect((await new LogReader(server.browser()).head()).size).toBe(sizeBefore);
  const { body } = await ada.browser.get(`/api/crypto/keys/${mallory.user.id}`);
  expect(body.keys).toEqual([]);
  // Not even the kids: Mallory's own are still free.
  expect((await post(mallory, (await state(mallory, keys)).json)).status).toBe(201);
});
