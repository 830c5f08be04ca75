import { randomBytes } from 'node:crypto';
import {
  encodeBase64url,
  makeKeyStatement,
  parseEncryptionJwk,
  thumbprint,
  type AccountKeys,
  type EncryptionJwk,
  type KeyStatementInput,
  type VerifiedKeyStatement,
} from '@sealgate/protocol';
import { exportJWK, generateKeyPair } from 'jose';
import { expect } from 'vitest';
import { signUp, type Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';

/** Somebody whose first keys are registered. */
export interface KeyHolder extends Person {
  keys: AccountKeys;
  statement: VerifiedKeyStatement;
  /** The server's answer. */
  registered: any; // eslint-disable-line -- a test looks into it and asserts
}

/** Signs up and registers keys. */
export async function signUpWithKeys(server: Pick<TestApp, 'browser'>): Promise<KeyHolder> {
  const person = await signUp(server);
  const keys = await makeKeys();
  const statement = await state(person, keys);
  const answer = await person.browser.post('/api/crypto/generate-keys', { statement: statement.json });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return { ...person, keys, statement, registered: answer.body };
}

/** A person's statement of these keys; the first one unless `after` tells otherwise. */
export async function state(
  person: Pick<Person, 'user'>,
  keys: AccountKeys,
  after: Partial<KeyStatementInput> = {},
): Promise<VerifiedKeyStatement> {
  return makeKeyStatement({
    user: person.user.id,
    version: 1,
    keys,
    previous: null,
    reset: false,
    createdAt: new Date().toISOString(),
    ...after,
  });
}

/** What the statement after this holder's first one says, signed by the old key too. */
export function succeeding({ keys, statement }: KeyHolder): Partial<KeyStatementInput> {
  const { kid } = keys.signing.jwk;
  return {
    version: statement.payload.version + 1,
    previous: statement.payloadHash,
    previousSigningKey: { kid, privateKey: keys.signing.privateKey },
  };
}

/**
 * Keys that sign but cannot decrypt: nothing can be told of a random modulus but that it is not obviously weak, and
 * finding one takes a millisecond where finding primes takes a second.
 */
export async function makeKeys(): Promise<AccountKeys> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const { x = '', y = '' } = await exportJWK(pair.publicKey);
  const ec = { kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig' } as const;
  return {
    encryption: { jwk: await randomModulus(), privateKey: pair.privateKey },
    signing: { jwk: { ...ec, kid: await thumbprint(ec) }, privateKey: pair.privateKey },
  };
}

async function randomModulus(): Promise<EncryptionJwk> {
  for (;;) {
    const bytes = randomBytes(384);
    bytes[0] = (bytes[0] ?? 0) | 0x80;
    bytes[383] = (bytes[383] ?? 0) | 1;
    const rsa = {
      kty: 'RSA',
      n: encodeBase64url(bytes),
      e: 'AQAB',
      alg: 'RSA-OAEP-256',
      use: 'enc',
    } as const;
    const jwk = await parseEncryptionJwk({ ...rsa, kid: await thumbprint(rsa) }).catch(() => null);
    if (jwk !== null) return jwk;
  }
}
