import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { thumbprint, type AccountKeys, type KeyStatementPayload } from '@sealgate/protocol';
import { GeneralSign } from 'jose';

/** A statement with correct signatures over whatever it says. */
export async function sign(
  payload: Record<string, unknown> | string,
  signers: readonly AccountKeys[],
  header: Record<string, unknown> = {},
): Promise<unknown> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const jws = new GeneralSign(Buffer.from(text));
  for (const { signing } of signers)
    jws
      .addSignature(signing.privateKey)
      .setProtectedHeader({ alg: 'ES256', kid: signing.jwk.kid, typ: 'sealgate-keys+jws', ...header });
  return jws.sign();
}

/** A well-formed first payload of these keys, with what the attack changes. */
export function payload(
  user: string,
  keys: AccountKeys,
  change: Record<string, unknown> = {},
): Record<keyof KeyStatementPayload, unknown> & Record<string, unknown> {
  return {
    v: 1,
    user,
    version: 1,
    encryptionKey: keys.encryption.jwk,
    signingKey: keys.signing.jwk,
    previous: null,
    reset: false,
    createdAt: '2026-01-02T03:04:05.678Z',
    ...change,
  };
}

/** An RSA public JWK with its right thumbprint, whatever the modulus and exponent are. */
export async function rsaJwk(n: string, e = 'AQAB'): Promise<Record<string, string>> {
  return { kty: 'RSA', n, e, alg: 'RSA-OAEP-256', use: 'enc', kid: await thumbprint({ kty: 'RSA', n, e }) };
}

/** A modulus of 2048 bits. */
export function smallModulus(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return publicKey.export({ format: 'jwk' }).n ?? '';
}

const PRIMES = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]; // prettier-ignore

/** 3072 bits that are 1, a power of 65537, modulo every prime up to 167: the mark of CVE-2017-15361. */
export function rocaModulus(): string {
  const product = PRIMES.reduce((all, prime) => all * BigInt(prime), 1n);
  const n = (((1n << 3071n) + 12345n) / product + 1n) * product + 1n;
  return Buffer.from(n.toString(16), 'hex').toString('base64url');
}

/** The private members of a signing key. */
export async function privateJwk({ signing }: AccountKeys): Promise<Record<string, unknown>> {
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', signing.privateKey as never));
  const { d } = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  return { ...signing.jwk, d };
}
