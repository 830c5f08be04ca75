import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { KeyPurpose } from './server-key.entity.js';

const generate = promisify(generateKeyPair);

export interface GeneratedKey {
  kid: string;
  publicJwk: JWK;
  privateKey: KeyObject;
}

/** A new key of the kind that its purpose fixes; `kid` is the RFC 7638 thumbprint. */
export async function generateKey(purpose: KeyPurpose): Promise<GeneratedKey> {
  const { alg, use, generate: generatePair } = KINDS[purpose];
  const { privateKey } = await generatePair();
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, publicJwk: { ...jwk, alg, use, kid }, privateKey };
}

const generateP256 = () => generate('ec', { namedCurve: 'P-256' });

const KINDS: Record<
  KeyPurpose,
  {
    alg: string;
    use: 'sig' | 'enc';
    generate: () => Promise<{ privateKey: KeyObject }>;
  }
> = {
  'access-token': { alg: 'ES256', use: 'sig', generate: generateP256 },
  'key-log': { alg: 'EdDSA', use: 'sig', generate: () => generate('ed25519') },
  'sealed-encryption': {
    alg: 'RSA-OAEP-256',
    use: 'enc',
    generate: () => generate('rsa', { modulusLength: 3072, publicExponent: 0x10001 }),
  },
  'sealed-signature': { alg: 'ES256', use: 'sig', generate: generateP256 },
};
