import { sign } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { formatCheckpoint, formatVerifierKey, makeVerifierKey, type VerifierKey } from '@sealgate/protocol';
import { CONFIG, type Config } from '../../config/config.js';
import { KeyRing } from '../key-ring/key-ring.service.js';

/** A SubjectPublicKeyInfo of Ed25519 ends in these many bytes of raw key. @see RFC 8410 §4 */
const RAW_KEY_BYTES = 32;

/** A head of the log: how many leaves, and their Merkle tree's hash. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Signs for the key log, in its name. */
@Injectable()
export class LogSigner {
  /** The log's name. It carries the port, as two servers of one host are two logs. */
  private readonly origin: string;
  private key: Promise<VerifierKey> | undefined;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly ring: KeyRing,
  ) {
    this.origin = `${new URL(config.publicUrl).host}/log`;
  }

  /** The key that clients pin, with the log's name. */
  async verifierKey(): Promise<string> {
    return formatVerifierKey(await this.verifier());
  }

  /** The head as a signed note. Ed25519 has no randomness: the same head is the same text, whichever replica signs. */
  async sign({ size, root }: TreeHead): Promise<string> {
    const { privateKey } = this.ring.active('key-log');
    return formatCheckpoint({ origin: this.origin, size, root }, await this.verifier(), async (data) =>
      sign(null, data, privateKey),
    );
  }

  /** Worked out once: the log's key never rotates. */
  private verifier(): Promise<VerifierKey> {
    const spki = this.ring.active('key-log').publicKey.export({ format: 'der', type: 'spki' });
    this.key ??= makeVerifierKey(this.origin, spki.subarray(-RAW_KEY_BYTES));
    return this.key;
  }
}
