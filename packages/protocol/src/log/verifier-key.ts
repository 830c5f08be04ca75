import { type Bytes, concat, equalBytes, utf8 } from '../bytes.js';
import { sha256 } from '../hash.js';
import { check } from '../shape.js';
import { decodeBase64, encodeBase64 } from './base64.js';

/** The signature type of Ed25519. */
const ED25519 = Uint8Array.of(1);

const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;

/** Whose notes to believe. `keyId` is a hint of 4 bytes, `publicKey` the 32 bytes of Ed25519. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Whether a note's signer can have this name: not empty, no plus, no white space, nothing invisible. */
export function isNoteName(name: string): boolean {
  return name.length > 0 && name.length <= 255 && /^[^\s+\p{C}\p{Z}]+$/u.test(name);
}

/**
 * The key under this name, with its hint.
 *
 * @throws ProtocolError `malformed` for a name or key that a note cannot have
 */
export async function makeVerifierKey(name: string, publicKey: Uint8Array): Promise<VerifierKey> {
  check(isNoteName(name), 'a note cannot be signed under this name');
  check(publicKey.length === PUBLIC_KEY_BYTES, 'this is no Ed25519 public key');
  const hash = await sha256(concat(utf8(`${name}\n`), ED25519, publicKey));
  return { name, keyId: hash.slice(0, KEY_ID_BYTES), publicKey };
}

/** The key as one line: `name+hint+key`. @see https://c2sp.org/signed-note#verifier-keys */
export function formatVerifierKey({ name, keyId, publicKey }: VerifierKey): string {
  return `${name}+${hex(keyId)}+${encodeBase64(concat(ED25519, publicKey))}`;
}

/**
 * The key of one such line.
 *
 * @throws ProtocolError `malformed`, also where the hint is not the key's
 */
export async function parseVerifierKey(line: string): Promise<VerifierKey> {
  const match = /^([^+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(line);
  check(match !== null, 'this is no verifier key');
  const [, name = '', hint = '', encoded = ''] = match;
  const key: Bytes = decodeBase64(encoded);
  check(equalBytes(key.slice(0, 1), ED25519), 'the key is not of Ed25519');
  const verifierKey = await makeVerifierKey(name, key.slice(1));
  check(hex(verifierKey.keyId) === hint, 'the hint is not that of the key');
  return verifierKey;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
