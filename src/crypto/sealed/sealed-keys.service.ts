import { webcrypto, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { makeSealedRequest, parseEncryptionJwk, type OpenSealedRequestInput } from '@sealgate/protocol';
import { KeyRing, type RingKey } from '../key-ring/key-ring.service.js';

type CryptoKey = webcrypto.CryptoKey;

/** The ring's keys for sealed requests, as WebCrypto wants them. Each is imported once in the ring's life. */
@Injectable()
export class SealedKeys {
  private readonly imported = new WeakMap<RingKey, Promise<CryptoKey>>();
  private readonly decoys = new WeakMap<RingKey, Promise<string>>();

  constructor(private readonly ring: KeyRing) {}

  /** The keys that open requests: the current one, the next one, which is published already, and those lately retired. */
  async readable(): Promise<OpenSealedRequestInput['keys']> {
    await this.ring.catchUp();
    const keys = this.ring.published('sealed-encryption');
    return new Map(
      await Promise.all(keys.map(async (key) => [key.kid, await this.privateKey(key)] as const)),
    );
  }

  /** What signs answers now. */
  async signer(): Promise<{ kid: string; privateKey: CryptoKey }> {
    await this.ring.catchUp();
    const key = this.ring.active('sealed-signature');
    return { kid: key.kid, privateKey: await this.privateKey(key) };
  }

  /** A well-made request to the current key, long stale: opening it takes as long as opening anybody's. */
  decoy(): Promise<string> {
    const key = this.ring.active('sealed-encryption');
    return remember(this.decoys, key, async () => {
      const serverKey = await parseEncryptionJwk(key.publicJwk);
      const made = await makeSealedRequest(serverKey, {
        method: 'GET',
        path: '/',
        iat: 0,
        clientKey: serverKey,
      });
      return made.jwe;
    });
  }

  private privateKey(key: RingKey): Promise<CryptoKey> {
    return remember(this.imported, key, () =>
      key.purpose === 'sealed-encryption'
        ? importKey(key.privateKey, { name: 'RSA-OAEP', hash: 'SHA-256' }, 'decrypt')
        : importKey(key.privateKey, { name: 'ECDSA', namedCurve: 'P-256' }, 'sign'),
    );
  }
}

function importKey(
  key: KeyObject,
  algorithm: webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams,
  usage: 'decrypt' | 'sign',
): Promise<CryptoKey> {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, [usage]);
}

function remember<Value>(
  known: WeakMap<RingKey, Promise<Value>>,
  key: RingKey,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
