import { describe, expect, it } from 'vitest';
import type { Account } from '../account-scope.js';
import type { Http } from '../http/http.js';
import type { ChatMemory } from './chat-memory.js';
import type { Chats } from './chats.js';
import type { ChatItem, MessageRow } from './message-types.js';
import { Messages } from './messages.js';
import type { Opener } from './opener.js';
import type { Sender } from './sender.js';

/** A history whose server leaves places out; what is opened is another test's matter. */
function historyOf(seqs: readonly number[], nextCursor: string | null, newestSeen: number, joinedSeq = 0) {
  const contiguous: (number | null)[] = [];
  const http = {
    json: async () => ({ items: seqs.map((seq) => ({ seq, chatId: 'chat' })), nextCursor }),
  } as unknown as Http;
  const account = { id: async () => 'ada' } as unknown as Account;
  const opener = {
    open: async (rows: readonly MessageRow[], before: (seq: number) => number | null) =>
      rows.map(({ seq }) => {
        contiguous.push(before(seq));
        return { kind: 'message', seq } as ChatItem;
      }),
  } as unknown as Opener;
  const chats = { recall: async () => ({ members: [{ userId: 'ada', joinedSeq }] }) } as unknown as Chats;
  const memory = { newest: async () => ({ seq: newestSeen, hash: '' }) } as unknown as ChatMemory;
  const messages = new Messages(http, account, chats, {} as Sender, opener, memory);
  const places = async (range?: { before?: number; after?: number }) =>
    (await messages.history('chat', range)).items.map((item) =>
      item.kind === 'missing' ? [item.fromSeq, item.toSeq] : item.seq,
    );
  return { places, contiguous };
}

describe('places that the server leaves out', () => {
  it('are shown where they are: in the middle, at the beginning and at the end', async () => {
    expect(await historyOf([9, 8, 5], 'more', 9).places()).toEqual([5, [6, 7], 8, 9]);
    expect(await historyOf([3, 2], null, 3).places()).toEqual([[1, 1], 2, 3]);
    expect(await historyOf([3, 2], null, 6).places()).toEqual([[1, 1], 2, 3, [4, 6]]);
    expect(await historyOf([4], 'more', 9).places({ before: 7 })).toEqual([4, [5, 6]]);
    expect(await historyOf([5, 6], 'more', 9).places({ after: 2 })).toEqual([[3, 4], 5, 6]);
    expect(await historyOf([], null, 4).places({ after: 2 })).toEqual([[3, 4]]);
  });

  it('are none where a page begins after the own joining, or goes on', async () => {
    expect(await historyOf([5, 4], null, 5, 3).places()).toEqual([4, 5]);
    expect(await historyOf([5, 4], 'more', 5).places()).toEqual([4, 5]);
    expect(await historyOf([], null, 0).places()).toEqual([]);
  });

  it('make the message behind them suspect', async () => {
    const { places, contiguous } = historyOf([9, 8, 5], 'more', 9);
    await places();
    expect(contiguous).toEqual([null, 5, 8]);
  });
});
