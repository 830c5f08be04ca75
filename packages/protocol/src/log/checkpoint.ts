import type { Bytes } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { check } from '../shape.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { HASH_BYTES } from './merkle-hash.js';
import { parseNote, type SignedNote, signNote, verifyNote } from './signed-note.js';
import { isNoteName, type VerifierKey } from './verifier-key.js';

/** The head of a log: its name, how many leaves it has, and the root over them, 32 bytes. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** What a log signs of its head. @see https://c2sp.org/tlog-checkpoint */
export function checkpointToBeSigned({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * The head as a note signed by the log.
 *
 * @param key the log's own, whose name is the origin
 * @param sign makes an Ed25519 signature of these bytes
 * @throws TypeError for a head that no log can have, or another log's key
 */
export async function formatCheckpoint(
  checkpoint: Checkpoint,
  key: VerifierKey,
  sign: (data: Bytes) => Promise<Uint8Array>,
): Promise<string> {
  const { origin, size, root } = checkpoint;
  if (!isNoteName(origin) || origin !== key.name || !Number.isSafeInteger(size) || size < 0) {
    throw new TypeError('a log signs its own head');
  }
  if (root.length !== HASH_BYTES) throw new TypeError('a root has 32 bytes');
  return signNote(checkpointToBeSigned(checkpoint), key, sign);
}

/**
 * A head as anyone may have written it.
 *
 * @throws ProtocolError `malformed`, also for extension lines, of which this log has none
 */
export function parseCheckpoint(text: string): {
  readonly checkpoint: Checkpoint;
  readonly note: SignedNote;
} {
  const note = parseNote(text);
  const [origin = '', size = '', root = '', ...rest] = note.text.split('\n');
  check(rest.length === 1 && isNoteName(origin) && /^(0|[1-9]\d{0,15})$/.test(size), 'this is no checkpoint');
  check(Number.isSafeInteger(Number(size)), 'the tree is too large');
  const hash = decodeBase64(root);
  check(hash.length === HASH_BYTES, 'the root has the wrong length');
  return { checkpoint: { origin, size: Number(size), root: hash }, note };
}

/**
 * A head that the log of this key has signed.
 *
 * @throws ProtocolError `malformed`, `unknown-log` for another log's head, or `bad-signature`
 */
export async function verifyCheckpoint(text: string, key: VerifierKey): Promise<Checkpoint> {
  const { checkpoint, note } = parseCheckpoint(text);
  if (checkpoint.origin !== key.name)
    throw new ProtocolError('unknown-log', 'this is the head of another log');
  await verifyNote(note, key);
  return checkpoint;
}
