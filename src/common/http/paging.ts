import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength, ValidateBy } from 'class-validator';
import { isUuid } from '../ids.js';
import { ValidationFailed } from '../problem/common.errors.js';
import { FromDigits } from './from-digits.js';

const NO_CURSOR = 'cursor must be a nextCursor of this list';

/** What every list takes. */
class LimitQuery {
  /** How many items at most. */
  @IsOptional()
  @FromDigits()
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 50;
}

/** `?limit=&cursor=` of every list. */
export class PageQuery extends LimitQuery {
  /** `nextCursor` of the page before; opaque. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(512)
  cursor?: string;
}

/** The query of a list that is ordered by its rows' ids: a cursor with anything else in it never reaches the database. */
export class IdPageQuery extends LimitQuery {
  /** `nextCursor` of the page before; opaque. */
  @IsOptional()
  @MaxLength(512)
  @ValidateBy({
    name: 'isIdCursor',
    validator: {
      validate: (value) => typeof value === 'string' && isIdCursor(value),
      defaultMessage: () => NO_CURSOR,
    },
  })
  cursor?: string;
}

/** One page; `nextCursor` is null at the end. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** The last row's sort key, made opaque: a page starts after a key, so rows added meanwhile shift nothing. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * @param types the `typeof` of each part of the key.
 * @throws ValidationFailed where the cursor is none of ours.
 */
export function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): (string | number)[] {
  const key = parseCursor(cursor);
  if (Array.isArray(key) && key.length === types.length && key.every((part, i) => typeof part === types[i]))
    return key;
  throw new ValidationFailed([{ pointer: '/cursor', detail: NO_CURSOR }]);
}

function isIdCursor(cursor: string): boolean {
  const key = parseCursor(cursor);
  return Array.isArray(key) && key.length === 1 && isUuid(key[0]);
}

function parseCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/**
 * Cuts the extra row that a query for `limit + 1` rows brought.
 * @param keyOf the sort key of a row, for the next cursor.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  toItem: (row: Row) => Item,
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}
