import { describe, expect, it } from 'vitest';
import { bobOpens, seal } from '../testing/test-messages.js';
import { checkHistory } from './check-history.js';
import { HistoryError } from './history-error.js';
import { openMessage } from './open-message.js';

const hash = (letter: string) => letter.repeat(43);
const message = { seq: 7, hash: hash('A'), previous: { seq: 5, hash: hash('B') } };
const inOrder = { contiguousSeq: 6, previousHash: hash('B') };

describe('checkHistory', () => {
  it('takes a message that follows, and one that is read again in its place', () => {
    expect(checkHistory(message, inOrder)).toBeNull();
    expect(checkHistory(message, { ...inOrder, opened: { seq: 7, hash: hash('A') } })).toBeNull();
    expect(checkHistory(message, { contiguousSeq: null })).toBeNull();
    expect(checkHistory(message, { contiguousSeq: 20 })).toBeNull();
    expect(checkHistory({ ...message, seq: 1, previous: null }, { contiguousSeq: 0 })).toBeNull();
  });

  it.each([
    ['replayed', 'in another place', message, { ...inOrder, opened: { seq: 6, hash: hash('A') } }],
    ['replayed', 'with another envelope', message, { ...inOrder, opened: { seq: 7, hash: hash('C') } }],
    ['inconsistent', 'after another message', message, { ...inOrder, previousHash: hash('C') }],
    ['inconsistent', 'after itself', { ...message, seq: 5 }, inOrder],
    ['inconsistent', 'after a later one', { ...message, seq: 4 }, { contiguousSeq: null }],
    ['gap', 'too early', message, { ...inOrder, contiguousSeq: 5 }],
    ['gap', 'too early in a new chat', { ...message, seq: 2, previous: null }, { contiguousSeq: 0 }],
    [
      'replayed',
      'with everything wrong',
      message,
      { opened: { seq: 1, hash: hash('C') }, previousHash: hash('C'), contiguousSeq: 1 },
    ],
    ['inconsistent', 'with all but that wrong', message, { previousHash: hash('C'), contiguousSeq: 1 }],
  ])('answers %s for a message %s', (reason, _, changed, history) => {
    expect(checkHistory(changed, history)).toBe(reason);
  });
});

it('shows an authentic message together with what is wrong with its place', async () => {
  const envelope = await seal();
  const opening = openMessage(bobOpens(envelope, { history: () => ({ contiguousSeq: 3 }) }));
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HistoryError);
  expect(error).toMatchObject({
    reason: 'gap',
    opened: { seq: 7, body: { text: 'Meet me at the bridge.' } },
  });
});
