import type { RingKey } from '../key-ring/key-ring.service.js';

/** A public JWK of the server: RSA-OAEP-256 for encryption, ES256 for signatures. @see RFC 7517 §4 */
export class ServerKeyView {
  kty!: string;
  use!: string;
  alg!: string;
  kid!: string;
  n?: string;
  e?: string;
  crv?: string;
  x?: string;
  y?: string;

  /** Member by member, so that a private one could not slip out. */
  static of({ kid, publicJwk }: RingKey): ServerKeyView {
    const { kty, use = '', alg = '', n, e, crv, x, y } = publicJwk;
    return kty === 'RSA'
      ? { kty, use, alg, kid, n: n ?? '', e: e ?? '' }
      : { kty: kty ?? '', use, alg, kid, crv: crv ?? '', x: x ?? '', y: y ?? '' };
  }
}

export class ServerKeysView {
  keys!: ServerKeyView[];
}
