import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ConfigError } from '../../config/config.errors.js';

/** A secret encrypted for the database: it cannot be mistaken for a plaintext one. */
export type SealedSecret = Buffer & { readonly __brand: 'SealedSecret' };

const FORMAT = 1;
const KEY_ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + IV_BYTES;

interface BoxKey {
  id: Buffer;
  key: Buffer;
}

/**
 * AES-256-GCM under keys derived from the master key (HKDF-SHA-256, RFC 5869). Layout: format (1 byte), key id (4),
 * IV (12), ciphertext, tag (16). The context (`totp:<user>`) is authenticated: a row's secret opens in no other row.
 */
export class SecretBox {
  private readonly current: BoxKey;
  private readonly keys: readonly BoxKey[];

  /** @param previousMasterKey another one that opens too: the one before the change, or the one after it. */
  constructor(masterKey: string, previousMasterKey: string | null) {
    this.current = deriveKey(masterKey);
    this.keys = previousMasterKey === null ? [this.current] : [this.current, deriveKey(previousMasterKey)];
  }

  /** What stands in the second to the fifth byte of all that is sealed from now on: the version of the master key. */
  get currentKeyId(): Buffer {
    return this.current.id;
  }

  /** Of the master keys that open. */
  get keyIds(): readonly Buffer[] {
    return this.keys.map(({ id }) => id);
  }

  seal(plaintext: Uint8Array, context: string): SealedSecret {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const header = Buffer.concat([Buffer.of(FORMAT), this.current.id, iv]);
    return Buffer.concat([header, ciphertext, cipher.getAuthTag()]) as SealedSecret;
  }

  /** @throws Error where the bytes were changed, belong to another context, or another master key sealed them. */
  open(sealed: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(sealed);
    const id = bytes.subarray(1, 1 + KEY_ID_BYTES);
    const key = this.keys.find((candidate) => candidate.id.equals(id));
    if (bytes.length < HEADER_BYTES + TAG_BYTES || bytes[0] !== FORMAT || key === undefined)
      throw new ConfigError([
        'MASTER_KEY is not the one that this database was sealed under (nor is MASTER_KEY_PREVIOUS)',
      ]);
    const decipher = createDecipheriv(
      'aes-256-gcm',
      key.key,
      bytes.subarray(1 + KEY_ID_BYTES, HEADER_BYTES),
      {
        authTagLength: TAG_BYTES,
      },
    );
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]);
  }

  /** True where the master key was changed since and the row wants sealing anew. */
  isStale(sealed: Uint8Array): boolean {
    return !Buffer.from(sealed)
      .subarray(1, 1 + KEY_ID_BYTES)
      .equals(this.current.id);
  }
}

function deriveKey(masterKey: string): BoxKey {
  const derive = (info: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', masterKey, 'sealgate', info, bytes));
  return { id: derive('at-rest key id', KEY_ID_BYTES), key: derive('at-rest key', 32) };
}
