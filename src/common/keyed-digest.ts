import { createHmac, hkdfSync } from 'node:crypto';

/** Turns what may be told apart, but not read, into 32 bytes. */
export type KeyedDigest = (text: string | Uint8Array) => Buffer;

/**
 * HMAC-SHA-256 under a key of its own for each use. Addresses and names can be guessed one after the other: whoever has
 * the rows, and not the secret, must not be able to try them.
 * @param secret the server's, never its own key but what keys are derived from (HKDF, RFC 5869).
 * @param label what the digests are for: those of another label are others.
 */
export function keyedDigest(secret: string, label: string): KeyedDigest {
  const key = Buffer.from(hkdfSync('sha256', secret, 'sealgate', label, 32));
  return (text) => createHmac('sha256', key).update(text).digest();
}
