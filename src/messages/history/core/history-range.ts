import { decodeCursor, encodeCursor } from '../../../common/http/paging.js';
import { ValidationFailed } from '../../../common/problem/common.errors.js';

/** A page of history: messages with `after < seq < before`, from one end. */
export interface HistoryRange {
  readonly order: 'newest-first' | 'oldest-first';
  readonly after: number;
  readonly before: number;
}

/** PostgreSQL's largest bigint is larger; no seq is. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;

/** A cursor says all of it, and goes before the other parameters, which a client may send again with it. */
export function rangeOf(query: { before?: number; after?: number; cursor?: string }): HistoryRange {
  if (query.cursor !== undefined) return readCursor(query.cursor);
  return {
    order: query.after === undefined ? 'newest-first' : 'oldest-first',
    after: query.after ?? 0,
    before: query.before ?? NO_BOUND,
  };
}

/**
 * The cursor to what follows a page; null where nothing does.
 * @param ends the smallest and the largest seq on the page; null for an empty one.
 * @param visible the first and the last seq that the reader can see; gapless in between.
 */
export function nextCursor(
  { order, after, before }: HistoryRange,
  ends: { first: number; last: number } | null,
  visible: { first: number; last: number },
): string | null {
  if (ends === null) return null;
  if (order === 'newest-first')
    return ends.first > Math.max(after + 1, visible.first)
      ? encodeCursor(['older', after, ends.first])
      : null;
  return ends.last < Math.min(before - 1, visible.last) ? encodeCursor(['newer', ends.last, before]) : null;
}

function readCursor(cursor: string): HistoryRange {
  const [direction, after, before] = decodeCursor(cursor, ['string', 'number', 'number']);
  const isOurs = (direction === 'older' || direction === 'newer') && isSeq(after) && isSeq(before);
  if (!isOurs)
    throw new ValidationFailed([{ pointer: '/cursor', detail: 'cursor must be a nextCursor of this list' }]);
  return {
    order: direction === 'older' ? 'newest-first' : 'oldest-first',
    after: Number(after),
    before: Number(before),
  };
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
