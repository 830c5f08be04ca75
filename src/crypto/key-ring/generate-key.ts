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
  const privateKey = await generatePrivateKey(purpose);
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, publicJwk: { ...jwk, ...usage(purpose), kid }, privateKey };
}

async function generatePrivateKey(purpose: KeyPurpose): Promise<KeyObject> {
  switch (purpose) {
    case 'access-token':
    case 'sealed-signature':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
    case 'sealed-encryption':
      return (await generate('rsa', { modulusLength: 3072, publicExponent: 0x10001 })).privateKey;
    case 'key-log':
      return (await generate('ed25519')).privateKey;
  }
}

function usage(purpose: KeyPurpose): { alg: string; use: 'sig' | 'enc' } {
  switch (purpose) {
    case 'access-token':
    case 'sealed-signature':
      return { alg: 'ES256', use: 'sig' };
    case 'sealed-encryption':
      return { alg: 'RSA-OAEP-256', use: 'enc' };
    case 'key-log':
      return { alg: 'EdDSA', use: 'sig' };
  }
}
