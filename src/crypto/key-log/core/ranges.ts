/** The leaves from `start` to before `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The ranges whose hashes lead from a leaf to the root of the first `size` leaves, the leaf's neighbour first.
 * Sizes reach 2^53, past JavaScript's bit operators: hence the arithmetic.
 * @see RFC 6962 §2.1.1
 */
export function inclusionPath(index: number, size: number): Range[] {
  const path: Range[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    path.push(index < middle ? { start: middle, end } : { start, end: middle });
    if (index < middle) end = middle;
    else start = middle;
  }
  return path.reverse();
}

/**
 * The ranges whose hashes show that the tree of `from` leaves is the beginning of the tree of `to` leaves.
 * @see RFC 6962 §2.1.2
 */
export function consistencyPath(from: number, to: number): Range[] {
  const path: Range[] = [];
  let start = 0;
  let end = to;
  while (end > from) {
    const middle = start + splitOf(end - start);
    path.push(from <= middle ? { start: middle, end } : { start, end: middle });
    if (from <= middle) end = middle;
    else start = middle;
  }
  // At start 0 what remains is the older tree itself, whose root the verifier knows.
  if (start > 0) path.push({ start, end });
  return path.reverse();
}

/** The largest power of two below `count`: where RFC 6962 splits a tree of so many leaves. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}
