import {
  decodeBase64url,
  formatVerifierKey,
  makeVerifierKey,
  parseCheckpoint,
  parseVerifierKey,
  ProtocolError,
  type VerifierKey,
  verifyNote,
} from '@sealgate/protocol';
import { firstRow, type Queryable } from '../../../database/rows.js';
import { HEAD_ROW, Misfit } from './misfit.js';

/** The head as its row has it, once its note is known to say the same and to be signed. */
export interface VerifiedHead {
  readonly size: number;
  readonly root: Buffer;
  /** The key that has signed it, as one line. */
  readonly key: string;
}

/**
 * The head's signed note: readable, of the row's size and root, and signed.
 * @param pinned the verifier key to check with, from outside; null: the one in the key ring's rows, under the name
 *   that the note has
 * @throws Misfit
 */
export async function verifyHead(db: Queryable, pinned: string | null): Promise<VerifiedHead> {
  const head = await firstRow<{ size: number; root: Buffer; checkpoint: string }>(
    db,
    'SELECT size, root, checkpoint FROM key_log_head WHERE id = 1',
  );
  if (head === null) throw new Misfit(HEAD_ROW, 'is missing');
  const { size, root } = head;
  try {
    const { checkpoint, note } = parseCheckpoint(head.checkpoint);
    if (checkpoint.size !== size)
      throw new Misfit(HEAD_ROW, `its size is ${size}, its note says ${checkpoint.size}`);
    if (!root.equals(checkpoint.root)) throw new Misfit(HEAD_ROW, 'its root is not the one of its note');
    const key = pinned === null ? await ownKey(db, checkpoint.origin) : await parseVerifierKey(pinned);
    await verifyNote(note, key);
    return { size, root, key: formatVerifierKey(key) };
  } catch (error) {
    if (error instanceof ProtocolError) throw new Misfit(HEAD_ROW, `its note is not right: ${error.message}`);
    throw error;
  }
}

async function ownKey(db: Queryable, origin: string): Promise<VerifierKey> {
  const row = await firstRow<{ x: string }>(
    db,
    `SELECT public_jwk ->> 'x' AS x FROM server_keys WHERE purpose = 'key-log' AND state = 'active'`,
  );
  if (row === null) throw new Misfit('server_keys', 'there is no active key of the key log');
  return makeVerifierKey(origin, decodeBase64url(row.x));
}
