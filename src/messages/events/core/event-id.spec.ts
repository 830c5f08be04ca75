import { describe, expect, it } from 'vitest';
import { EVENT_ID_MAX_AGE_SECONDS, formatEventId, isResumable, parseEventId } from './event-id.js';

describe('parseEventId', () => {
  it('reads what formatEventId writes', () => {
    for (const id of [
      { position: 0, at: 0 },
      { position: 120, at: 1_790_000_000 },
    ])
      expect(parseEventId(formatEventId(id))).toEqual(id);
  });

  it.each(['', '1', '-1-5', '1-', '1-2-3', '01-2', '1.5-2', ' 1-2', '1-2\n', '9999999999999999-1', 'ready'])(
    'takes %j for no id of ours',
    (text) => expect(parseEventId(text)).toBeNull(),
  );
});

describe('isResumable', () => {
  const id = { position: 5, at: 1000 };

  it('holds up to 7 days later', () => {
    expect(isResumable(id, 5, 1000 + EVENT_ID_MAX_AGE_SECONDS)).toBe(true);
    expect(isResumable(id, 5, 1001 + EVENT_ID_MAX_AGE_SECONDS)).toBe(false);
  });

  it('does not hold for a position that the order has not reached', () => {
    expect(isResumable(id, 4, 1000)).toBe(false);
  });
});
