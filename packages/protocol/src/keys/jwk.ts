/** An account's public encryption key, with exactly these members. @see RFC 7518 §6.3.1 */
export interface EncryptionJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: 'AQAB';
  readonly alg: 'RSA-OAEP-256';
  readonly use: 'enc';
  readonly kid: string;
}

/** An account's public signing key, with exactly these members. @see RFC 7518 §6.2.1 */
export interface SigningJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
  readonly kid: string;
}

/** The private half too. @see RFC 7518 §6.3.2 */
export interface PrivateEncryptionJwk extends EncryptionJwk {
  readonly d: string;
  readonly p: string;
  readonly q: string;
  readonly dp: string;
  readonly dq: string;
  readonly qi: string;
}

/** The private half too. @see RFC 7518 §6.2.2 */
export interface PrivateSigningJwk extends SigningJwk {
  readonly d: string;
}
