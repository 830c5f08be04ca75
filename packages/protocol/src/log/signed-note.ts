import { type Bytes, concat, equalBytes, isWellFormed, utf8 } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { check } from '../shape.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { isNoteName, type VerifierKey } from './verifier-key.js';

const MAX_LENGTH = 65_536;
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;

/** A text with signatures below it. @see https://c2sp.org/signed-note */
export interface SignedNote {
  /** The signed text, its last newline included. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly keyId: Bytes; readonly signature: Bytes }[];
}

/**
 * A note taken apart, its signatures not yet checked.
 *
 * @throws ProtocolError `malformed`
 */
export function parseNote(note: string): SignedNote {
  check(note.length <= MAX_LENGTH && isWellFormed(note) && !/[^\n\P{Cc}]/u.test(note), 'this is no note');
  const end = note.lastIndexOf('\n\n');
  check(end > 0 && note.endsWith('\n'), 'the note has no signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  check(lines.length <= MAX_SIGNATURES, 'the note has too many signatures');
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/** The line that signs a note's text. `sign` makes an Ed25519 signature, wherever the private key may be. */
export async function signNote(
  text: string,
  { name, keyId }: VerifierKey,
  sign: (data: Bytes) => Promise<Uint8Array>,
): Promise<string> {
  return `${text}\n— ${name} ${encodeBase64(concat(keyId, await sign(utf8(text))))}\n`;
}

/**
 * Checks the signature by this key; those by others are none of our business.
 *
 * @throws ProtocolError `bad-signature` where it is missing or wrong
 */
export async function verifyNote({ text, signatures }: SignedNote, key: VerifierKey): Promise<void> {
  const own = signatures.find(({ name, keyId }) => name === key.name && equalBytes(keyId, key.keyId));
  if (own === undefined) throw new ProtocolError('bad-signature', 'the note is not signed by this key');
  const publicKey = await crypto.subtle.importKey('raw', key.publicKey as Bytes, 'Ed25519', false, [
    'verify',
  ]);
  if (!(await crypto.subtle.verify('Ed25519', publicKey, own.signature, utf8(text)))) {
    throw new ProtocolError('bad-signature', "the note's signature does not verify");
  }
}

function parseSignature(line: string): SignedNote['signatures'][number] {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  check(dash === '—' && isNoteName(name) && rest.length === 0, 'a signature of the note is malformed');
  const bytes = decodeBase64(encoded);
  check(bytes.length > KEY_ID_BYTES, 'a signature of the note is too short');
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}
