import type { CryptoKey } from 'jose';
import type { EncryptionJwk, PrivateEncryptionJwk, PrivateSigningJwk, SigningJwk } from './jwk.js';

/** What signs: a private ES256 key and the name that its signatures go by. */
export interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** One account's pair for encryption and pair for signatures. */
export interface AccountKeys {
  readonly encryption: { readonly jwk: EncryptionJwk; readonly privateKey: CryptoKey };
  readonly signing: { readonly jwk: SigningJwk; readonly privateKey: CryptoKey };
}

/** The same as private JWKs, as a backup holds them. */
export interface PrivateAccountJwks {
  readonly encryptionKey: PrivateEncryptionJwk;
  readonly signingKey: PrivateSigningJwk;
}
