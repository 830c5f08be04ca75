import type { ChatItem, HistoryPage } from '@sealgate/client';
import { beforeEach, describe, expect, it } from 'vitest';
import { Conversation, seqOf } from './conversation.js';

function message(seq: number): ChatItem {
  const id = String(seq);
  const at = '2026-01-01T00:00:00.000Z';
  const body = { type: 'text', text: id } as const;
  return {
    kind: 'message', id, chatId: 'chat', seq, senderId: 'ada', sentAt: at, own: false, text: id,
    body, claimedSentAt: at, warning: null,
  }; // prettier-ignore
}

function pageOf(from: number, to: number): HistoryPage {
  const items = Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
  return { items, before: from > 1 ? from : null, after: null };
}

let asked: {
  before: number | undefined;
  answer: (page: HistoryPage) => void;
  fail: (error: Error) => void;
}[];
let conversation: Conversation;
const places = (): number[] => conversation.lines.value.map(seqOf);
beforeEach(() => {
  asked = [];
  conversation = new Conversation(
    ({ before }) =>
      new Promise((answer, fail) => {
        asked.push({ before, answer, fail });
      }),
  );
});

describe('a conversation', () => {
  it('shows what arrives while its first page, read before that, is on its way', async () => {
    const opened = conversation.refresh();
    conversation.take(message(1));
    asked[0]?.answer({ items: [], before: null, after: null });
    await opened;
    expect(places()).toEqual([1]);
  });

  it('leaves no hole between what was there, a newer page, and what arrives with it', async () => {
    const opened = conversation.refresh();
    asked[0]?.answer(pageOf(1, 5));
    await opened;
    const again = conversation.refresh();
    conversation.take(message(31));
    asked[1]?.answer(pageOf(20, 30));
    await again;
    expect(places()).toEqual(Array.from({ length: 12 }, (_, i) => i + 20));
    expect(conversation.before.value).toBe(20);
  });

  it('keeps older pages that the newest one joins', async () => {
    const opened = conversation.refresh();
    asked[0]?.answer(pageOf(5, 8));
    await opened;
    const older = conversation.older();
    asked[1]?.answer(pageOf(1, 4));
    await older;
    const again = conversation.refresh();
    asked[2]?.answer(pageOf(9, 12));
    await again;
    expect(places()).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(conversation.before.value).toBeNull();
  });

  it('reads the newest page after the one on its way, where it is wished for meanwhile', async () => {
    const opened = conversation.refresh();
    asked[0]?.answer(pageOf(5, 8));
    await opened;
    const older = conversation.older();
    await conversation.refresh();
    asked[1]?.fail(new Error('gone'));
    await Promise.resolve();
    await Promise.resolve();
    asked[2]?.answer(pageOf(8, 9));
    await older;
    expect(asked.map(({ before }) => before)).toEqual([undefined, 5, undefined]);
    expect(places()).toEqual([5, 6, 7, 8, 9]);
  });
});
