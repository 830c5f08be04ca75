import { decodeCursor, encodeCursor } from '../../../common/http/paging.js';
import { ValidationFailed } from '../../../common/problem/common.errors.js';

/**
 * Where a client is on its way along its messages. A message that is deleted stands twice in the order of events: where
 * it came, and where it became a tombstone. Who passes the first place afterwards is given the tombstone there, and
 * must not be given it again at the second. So a client that catches up, page by page, carries what its first page knew:
 * a tombstone up to `head` of a message that came after `from` has been given already.
 */
export interface InboxCursor {
  readonly position: number;
  /** Where catching up began. */
  readonly from: number;
  /** How far the order went then. */
  readonly head: number;
}

/** @returns the beginning, for no cursor. */
export function readInboxCursor(cursor: string | undefined): InboxCursor {
  if (cursor === undefined) return { position: 0, from: 0, head: 0 };
  const [position, from, head] = decodeCursor(cursor, ['number', 'number', 'number']).map(Number);
  if (isPosition(position) && isPosition(from) && isPosition(head) && from <= position)
    return { position, from, head };
  throw new ValidationFailed([{ pointer: '/after', detail: 'after must be a nextCursor of this list' }]);
}

export function writeInboxCursor({ position, from, head }: InboxCursor): string {
  return encodeCursor([position, from, head]);
}

/** What a page reads with: who has caught up begins anew. @param head how far the order goes now. */
export function begin({ position, from, head }: InboxCursor, headNow: number): InboxCursor {
  return position >= head ? { position, from: position, head: headNow } : { position, from, head };
}

function isPosition(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
