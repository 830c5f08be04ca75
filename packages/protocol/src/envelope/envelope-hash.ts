import { sha256Base64url } from '../hash.js';
import { canonicalize } from '../json/canonicalize.js';
import type { Envelope } from './envelope.js';

/**
 * The name that later messages have for this one. It covers what every reader gets alike, so that each of them comes
 * to the same hash from the envelope with only the own recipient entry.
 */
export async function envelopeHash(envelope: Omit<Envelope, 'recipients'>): Promise<string> {
  return sha256Base64url(`${envelope.protected}.${envelope.iv}.${envelope.ciphertext}.${envelope.tag}`);
}

/** The `to` of an envelope's header: base64url SHA-256 of the sorted `kid`s in their RFC 8785 form. */
export async function recipientsHash(kids: readonly string[]): Promise<string> {
  return sha256Base64url(canonicalize([...kids].sort()));
}
