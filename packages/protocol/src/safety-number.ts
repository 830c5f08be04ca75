import { type Bytes, concat, utf8 } from './bytes.js';
import { check, sha256TextOf, uuidOf } from './shape.js';

/** How often each side's key is hashed: what makes a look-alike key expensive. */
const ITERATIONS = 5200;

const VERSION = Uint8Array.of(0, 0);
const CHUNKS = 6;
const CHUNK_BYTES = 5;
const CHUNK_DIGITS = 5;

/** One of the two who compare: the id, and the `kid`s of the current encryption and signing key. */
export interface SafetyNumberSide {
  readonly user: string;
  readonly kids: { readonly encryption: string; readonly signing: string };
}

/**
 * The 60 digits that two people compare, by eye or as a QR code: the same for both, and others as soon as either has
 * other keys. It is Signal's numeric fingerprint, version 0, over the thumbprints. Takes 10 400 hashes, so ask for it
 * when it is shown, not for every contact.
 *
 * @throws ProtocolError `malformed` for an id or `kid` that is none
 * @see https://github.com/signalapp/libsignal/blob/main/rust/protocol/src/fingerprint.rs
 */
export async function safetyNumber(a: SafetyNumberSide, b: SafetyNumberSide): Promise<string> {
  check(a.user !== b.user, 'a safety number is between two people');
  const halves = await Promise.all([digitsOf(a), digitsOf(b)]);
  return halves.sort().join('');
}

/** The digits in twelve groups of five, as people read them aloud. */
export function formatSafetyNumber(digits: string): string {
  return (digits.match(/.{5}/g) ?? []).join(' ');
}

async function digitsOf({ user, kids }: SafetyNumberSide): Promise<string> {
  const key = utf8(`${sha256TextOf(kids.encryption, 'kid')}.${sha256TextOf(kids.signing, 'kid')}`);
  let hash = concat(VERSION, key, utf8(uuidOf(user, 'user')));
  for (let i = 0; i < ITERATIONS; i += 1) hash = await sha512(concat(hash, key));
  return Array.from({ length: CHUNKS }, (_, chunk) => {
    const bytes = hash.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
    const number = bytes.reduce((value, byte) => value * 256 + byte, 0);
    return String(number % 10 ** CHUNK_DIGITS).padStart(CHUNK_DIGITS, '0');
  }).join('');
}

async function sha512(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-512', data));
}
