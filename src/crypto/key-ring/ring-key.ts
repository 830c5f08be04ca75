import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { KeyLife } from './core/key-life.js';

/** A key of the ring, ready to use. */
export interface RingKey extends KeyLife {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
