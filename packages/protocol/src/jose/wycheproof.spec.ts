import { importJWK, type JWK } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { encodeBase64url } from '../base64url.js';
import { utf8 } from '../bytes.js';
import { parseSigningJwk } from '../keys/parse-public-jwk.js';
import { thumbprint } from '../keys/thumbprint.js';
import { refusal } from '../testing/refusal.js';
import { wycheproof } from '../testing/vectors.js';
import { decryptRsa } from './decrypt-rsa.js';
import { verifyEs256 } from './verify-es256.js';

vi.setConfig({ testTimeout: 60_000 });

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly msg: string;
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: ArrayBuffer | Uint8Array) => Buffer.from(data as Uint8Array).toString('hex');

const ecdsa = wycheproof('ecdsa_secp256r1_sha256_p1363') as
  | readonly {
      readonly publicKey: { readonly uncompressed: string };
      readonly tests: readonly (Case & { readonly sig: string })[];
    }[]
  | undefined;

// No exceptions: all 262 cases, through the function that checks every signature of this package.
describe.skipIf(ecdsa === undefined)('Wycheproof ecdsa_secp256r1_sha256_p1363', () => {
  it('gives every case its result', async () => {
    let cases = 0;
    for (const { publicKey, tests } of ecdsa ?? []) {
      const x = encodeBase64url(bytes(publicKey.uncompressed.slice(2, 66)));
      const y = encodeBase64url(bytes(publicKey.uncompressed.slice(66)));
      const kid = await thumbprint({ kty: 'EC', crv: 'P-256', x, y });
      const jwk = await parseSigningJwk({ kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig', kid });
      for (const { tcId, msg, sig, result } of tests) {
        const verifies = await verifyEs256(bytes(msg), bytes(sig), jwk);
        expect(verifies, `case ${tcId}`).toBe(result === 'valid');
        cases += 1;
      }
    }
    expect(cases).toBe(262);
  });
});

const oaep = wycheproof('rsa_oaep_3072_sha256_mgf1sha256') as
  | readonly {
      readonly privateKeyJwk: JWK & { readonly kty: 'RSA' };
      readonly tests: readonly (Case & { readonly ct: string; readonly label: string })[];
    }[]
  | undefined;

// Exceptions: the cases with a label, since RSA-OAEP-256 has none (RFC 7518 §4.3). They must fail without it.
describe.skipIf(oaep === undefined)('Wycheproof rsa_oaep_3072_sha256_mgf1sha256', () => {
  const groups = oaep ?? [];

  it('gives every case without a label its result', async () => {
    for (const { privateKeyJwk, tests } of groups) {
      const key = await importJWK(privateKeyJwk, 'RSA-OAEP-256');
      for (const { tcId, ct, msg, label, result } of tests) {
        const decrypted = await crypto.subtle.decrypt('RSA-OAEP', key, bytes(ct)).then(hex, () => undefined);
        const expected = result === 'valid' && label === '' ? msg : undefined;
        expect(decrypted, `case ${tcId}`).toBe(expected);
      }
    }
  });

  it('refuses every case alike as the encrypted key of a JWE: none of them holds its content key', async () => {
    const header = encodeBase64url(utf8('{"alg":"RSA-OAEP-256","enc":"A256GCM"}'));
    const rest = { protected: header, iv: 'A'.repeat(16), ciphertext: 'AAAA', tag: 'A'.repeat(22) };
    for (const { privateKeyJwk, tests } of groups) {
      const key = await importJWK(privateKeyJwk, 'RSA-OAEP-256');
      for (const { ct } of tests) {
        const encryptedKey = encodeBase64url(bytes(ct));
        expect(await refusal(() => decryptRsa({ ...rest, encrypted_key: encryptedKey }, key))).toBe(
          'tampered',
        );
      }
    }
  });
});

const gcm = wycheproof('aes_gcm') as
  | readonly {
      readonly keySize: number;
      readonly ivSize: number;
      readonly tagSize: number;
      readonly tests: readonly (Case & Record<'key' | 'iv' | 'aad' | 'ct' | 'tag', string>)[];
    }[]
  | undefined;

// Exceptions: keys of 128 and 192 bits, and IVs of other lengths than 96 bits. A256GCM has neither (RFC 7518 §5.3), and
// the parsers here refuse the IVs before anything is decrypted. The vectors' associated data is not a JWE's, which is
// always a header, so that the cases go to the platform's AES-GCM, which is what jose calls.
describe.skipIf(gcm === undefined)('Wycheproof aes_gcm', () => {
  it('gives every case of A256GCM its result', async () => {
    let cases = 0;
    for (const { keySize, ivSize, tagSize, tests } of gcm ?? []) {
      if (keySize !== 256 || ivSize !== 96) continue;
      expect(tagSize).toBe(128);
      for (const { tcId, key, iv, aad, ct, tag, msg, result } of tests) {
        const aes = await crypto.subtle.importKey('raw', bytes(key), 'AES-GCM', false, ['decrypt']);
        const parameters = { name: 'AES-GCM', iv: bytes(iv), additionalData: bytes(aad), tagLength: 128 };
        const decrypted = await crypto.subtle
          .decrypt(parameters, aes, bytes(ct + tag))
          .then(hex, () => undefined);
        expect(decrypted, `case ${tcId}`).toBe(result === 'valid' ? msg : undefined);
        cases += 1;
      }
    }
    expect(cases).toBe(66);
  });
});
