import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { nextCursor, rangeOf } from './history-range.js';

const visible = { first: 3, last: 10 };
/** The range that a page's cursor leads to. */
const follow = (range: ReturnType<typeof rangeOf>, ends: { first: number; last: number } | null) => {
  const cursor = nextCursor(range, ends, visible);
  return cursor === null ? null : rangeOf({ cursor });
};

describe('a page of history', () => {
  it('goes on to older messages until the first visible one', () => {
    const range = rangeOf({});
    expect(range.order).toBe('newest-first');
    expect(follow(range, { first: 6, last: 10 })).toEqual({ order: 'newest-first', after: 0, before: 6 });
    expect(follow(range, { first: 3, last: 10 })).toBeNull();
  });

  it('goes on to newer messages until the last one', () => {
    const range = rangeOf({ after: 2 });
    expect(range.order).toBe('oldest-first');
    expect(follow(range, { first: 3, last: 9 })).toEqual({ ...range, after: 9 });
    expect(follow(range, { first: 3, last: 10 })).toBeNull();
  });

  it('keeps the far end of a range', () => {
    const range = rangeOf({ after: 4, before: 9 });
    expect(follow(range, { first: 5, last: 7 })).toEqual({ order: 'oldest-first', after: 7, before: 9 });
    expect(follow(range, { first: 5, last: 8 })).toBeNull();
  });

  it('ends with an empty page', () => expect(follow(rangeOf({ before: 3 }), null)).toBeNull());

  it.each([['["older",-1,2]'], ['["sideways",1,2]'], ['["older",1.5,2]'], ['["older",1]'], ['x']])(
    'refuses the made-up cursor %s',
    (json) =>
      expect(() => rangeOf({ cursor: Buffer.from(json).toString('base64url') })).toThrow(
        'The request is not valid',
      ),
  );
});
