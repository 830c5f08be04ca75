import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../base64url.js';
import { refusal } from '../testing/refusal.js';
import { testKeys } from '../testing/test-keys.js';
import { wycheproof } from '../testing/vectors.js';
import { exportAccountKeys } from './generate-account-keys.js';
import { parseEncryptionJwk, parseSigningJwk } from './parse-public-jwk.js';
import { thumbprint } from './thumbprint.js';
import { isWeakModulus } from './weak-modulus.js';

vi.setConfig({ testTimeout: 60_000 });

const { encryption, signing } = await testKeys('ada');

const hexToBase64url = (hex: string) =>
  encodeBase64url(Uint8Array.from(hex.match(/../g) ?? [], (h) => parseInt(h, 16)));
const rsaWith = async (n: string) => ({
  ...encryption.jwk,
  n,
  kid: await thumbprint({ kty: 'RSA', n, e: 'AQAB' }),
});
const modulus = (n: bigint) => {
  const hex = n.toString(16);
  return hexToBase64url(hex.length % 2 === 0 ? hex : `0${hex}`);
};
const n = BigInt(
  `0x${Array.from(decodeBase64url(encryption.jwk.n), (b) => b.toString(16).padStart(2, '0')).join('')}`,
);

/** n = 65537^a mod M for the primes that the test looks at, brought to the wanted size by multiples of M. */
function rocaLike(bits: number): bigint {
  const primes = [...Array(168).keys()].filter(
    (p) => p > 1 && [...Array(p).keys()].every((d) => d < 2 || p % d !== 0),
  );
  const M = primes.reduce((product, p) => product * BigInt(p), 1n);
  const residue = 65537n ** 1234n % M;
  return ((1n << BigInt(bits - 1)) / M + 1n) * M + residue;
}

it('computes the thumbprint of RFC 7638 §3.1', async () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj' +
    'hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ' +
    'vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
  expect(await thumbprint({ kty: 'RSA', n, e: 'AQAB' })).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
});

describe('parseEncryptionJwk', () => {
  it('takes keys of ours', async () => {
    for (const name of ['ada', 'bob', 'eve']) {
      const { jwk } = (await testKeys(name)).encryption;
      expect(await parseEncryptionJwk(structuredClone(jwk))).toEqual(jwk);
    }
  });

  it('takes a modulus of 4096 bits', async () => {
    const { publicKey } = await generateKeyPair('RSA-OAEP-256', { modulusLength: 4096, extractable: true });
    const jwk = await rsaWith(String((await exportJWK(publicKey)).n));
    expect(await parseEncryptionJwk(jwk)).toEqual(jwk);
  });

  it.each([
    ['private-member', { d: 'AQAB' }],
    ['private-member', { oth: [] }],
    ['malformed', { ext: true }],
    ['malformed', { key_ops: ['encrypt'] }],
    ['algorithm', { kty: 'EC' }],
    ['algorithm', { alg: 'RSA-OAEP' }],
    ['algorithm', { alg: 'RSA1_5' }],
    ['algorithm', { use: 'sig' }],
    ['exponent', { e: 'AQ' }],
    ['exponent', { e: 'Aw' }],
    ['exponent', { e: 'AAEAAQ' }],
    ['exponent', { e: 'AQAB=' }],
    ['thumbprint', { kid: signing.jwk.kid }],
    ['malformed', { kid: 'mine' }],
    ['malformed', { n: `${encryption.jwk.n}=` }],
    ['malformed', { n: ` ${encryption.jwk.n}` }],
    ['malformed', { n: encodeBase64url(Uint8Array.of(0, ...decodeBase64url(encryption.jwk.n))) }],
    ['malformed', { n: '' }],
    ['malformed', { n: 1 }],
  ])('answers %s for %j', async (reason, change) => {
    expect(await refusal(() => parseEncryptionJwk({ ...encryption.jwk, ...change }))).toBe(reason);
  });

  it.each([
    ['modulus-too-small', n >> 1n],
    ['modulus-too-small', (1n << 1023n) + 1n],
    ['modulus-too-large', (1n << 4096n) + 1n],
    ['weak-modulus', n + 1n],
    ['weak-modulus', n - (n % 167n) + ((n - (n % 167n)) % 2n === 0n ? 167n : 0n)],
    ['weak-modulus', rocaLike(3072)],
    ['weak-modulus', rocaLike(4096)],
  ])('answers %s for a bad modulus', async (reason, modulusValue) => {
    const jwk = await rsaWith(modulus(modulusValue));
    expect(await refusal(() => parseEncryptionJwk(jwk))).toBe(reason);
  });

  it.each([null, undefined, [], 'key', 1, {}])('refuses %j', async (value) => {
    expect(await refusal(() => parseEncryptionJwk(value))).toBe('malformed');
    expect(await refusal(() => parseSigningJwk(value))).toBe('malformed');
  });
});

describe('parseSigningJwk', () => {
  it('takes a key of ours', async () => {
    expect(await parseSigningJwk(structuredClone(signing.jwk))).toEqual(signing.jwk);
  });

  it('refuses every private JWK', async () => {
    const { encryptionKey, signingKey } = await exportAccountKeys(await testKeys('ada'));
    expect(await refusal(() => parseEncryptionJwk(encryptionKey))).toBe('private-member');
    expect(await refusal(() => parseSigningJwk(signingKey))).toBe('private-member');
  });

  it.each([
    ['point-off-curve', { x: signing.jwk.y, y: signing.jwk.x }],
    ['point-off-curve', { x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    // x + p names the same point, but is not reduced.
    ['point-off-curve', { x: hexToBase64url('f'.repeat(64)) }],
    ['malformed', { x: signing.jwk.x.slice(2) }],
    ['algorithm', { crv: 'P-384' }],
    ['algorithm', { alg: 'ES384' }],
    ['algorithm', { use: 'enc' }],
    ['algorithm', { kty: 'OKP' }],
    ['private-member', { d: 'AQAB' }],
    ['malformed', { x5c: [] }],
    ['thumbprint', { kid: encryption.jwk.kid }],
  ])('answers %s for %j', async (reason, change) => {
    expect(await refusal(() => parseSigningJwk({ ...signing.jwk, ...change }))).toBe(reason);
  });
});

interface JwkGroup {
  readonly comment: string;
  readonly public?: { readonly keys: readonly Record<string, unknown>[] };
}

const groups = wycheproof('json_web_key') as readonly JwkGroup[] | undefined;

describe.skipIf(groups === undefined)('Wycheproof json_web_key', () => {
  it('knows the modulus with the ROCA flaw', () => {
    const roca = groups?.find(({ comment }) => comment === 'jws_rsa_roca_key')?.public?.keys[0];
    const bytes = decodeBase64url(String(roca?.n));
    expect(
      isWeakModulus(BigInt(`0x${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')}`)),
    ).toBe(true);
  });

  // All of them: none is a key of ours, since none has exactly our members. What it would take for jose alone to
  // refuse each of them is jose's business; here no key of the file may become a key of an account.
  it('takes none of the file’s keys', async () => {
    for (const { public: set } of groups ?? []) {
      for (const jwk of set?.keys ?? []) {
        expect(await refusal(() => parseEncryptionJwk(jwk))).toBeDefined();
        expect(await refusal(() => parseSigningJwk(jwk))).toBeDefined();
      }
    }
  });
});
