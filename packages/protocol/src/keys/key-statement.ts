import type { EncryptionJwk, SigningJwk } from './jwk.js';

/** The `typ` of a key statement's signatures: a signature over anything else is not one over a statement. */
export const KEY_STATEMENT_TYP = 'sealgate-keys+jws';

/** What an account says of its keys. `createdAt` is RFC 3339; `previous` the hash of the payload before, 43 characters. */
export interface KeyStatementPayload {
  readonly v: 1;
  readonly user: string;
  readonly version: number;
  readonly encryptionKey: EncryptionJwk;
  readonly signingKey: SigningJwk;
  readonly previous: string | null;
  readonly reset: boolean;
  readonly createdAt: string;
}

/** A statement as it travels. @see RFC 7515 §7.2.1 */
export interface KeyStatementJson {
  readonly payload: string;
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}

/** A statement whose syntax and keys are in order, and whose signatures nobody has checked yet. */
export interface ParsedKeyStatement {
  readonly json: KeyStatementJson;
  readonly payload: KeyStatementPayload;
  readonly payloadBytes: Uint8Array;
  /** Base64url SHA-256 of `payloadBytes`: what the next statement's `previous` and the key log's leaf name. */
  readonly payloadHash: string;
  readonly kids: { readonly encryption: string; readonly signing: string };
  /** The signing keys' names, the new one first. */
  readonly signedBy: readonly string[];
}

declare const verified: unique symbol;

/** A statement whose signatures and place in its account's chain hold. Only these may name a contact's keys. */
export type VerifiedKeyStatement = ParsedKeyStatement & { readonly [verified]: true };
