import type { Account } from '../account-scope.js';
import { clientError } from '../errors.js';
import type { Http } from '../http/http.js';
import type { ChatMemory } from './chat-memory.js';
import type { Chats } from './chats.js';
import type {
  ChatItem,
  HistoryPage,
  MessageRow,
  MessagesApi,
  MissingItem,
  SentMessage,
} from './message-types.js';
import { newMessageId } from './new-message-id.js';
import type { Opener } from './opener.js';
import type { Sender } from './sender.js';

const PAGE = 50;

/** Messages as the app sees them. */
export class Messages implements MessagesApi {
  constructor(
    private readonly http: Http,
    private readonly account: Account,
    private readonly chats: Chats,
    private readonly sender: Sender,
    private readonly opener: Opener,
    private readonly memory: ChatMemory,
  ) {}

  send(
    chatId: string,
    text: string,
    { id = newMessageId() }: { readonly id?: string } = {},
  ): Promise<SentMessage> {
    return this.sender.send({ id, chatId, text });
  }

  async history(
    chatId: string,
    { before, after, limit = PAGE }: { before?: number; after?: number; limit?: number } = {},
  ): Promise<HistoryPage> {
    const path = `/api/messages/history/${encodeURIComponent(chatId)}`;
    const { items, nextCursor } = await this.http.json<{ items: MessageRow[]; nextCursor: string | null }>({
      method: 'GET',
      path,
      query: { before, after, limit },
    });
    const rows = [...items].sort((a, b) => a.seq - b.seq);
    if (rows.some((row) => row.chatId !== chatId))
      throw clientError('bad_response', 'the page has messages of another chat');
    const isForward = after !== undefined;
    const atEnd = nextCursor === null;
    const ends = await this.endsOf(chatId, { before, after, rows, atEnd });
    // The place before each row, as this page has it; before the first one, as far as it can be known.
    const placeBefore = new Map(rows.map(({ seq }, i) => [seq, rows[i - 1]?.seq ?? ends.start]));
    const opened = await this.opener.open(rows, (seq) => placeBefore.get(seq) ?? null);
    const hasOlder = isForward || !atEnd;
    const hasNewer = isForward ? !atEnd || before !== undefined : before !== undefined;
    return {
      items: withGaps(chatId, opened, ends),
      before: hasOlder ? (rows[0]?.seq ?? null) : null,
      after: hasNewer ? (rows.at(-1)?.seq ?? null) : null,
    };
  }

  async receive(cursor?: string): Promise<{ items: readonly ChatItem[]; cursor: string }> {
    const path = `/api/messages/receive/${encodeURIComponent(await this.account.id())}`;
    const page = await this.http.json<{ items: MessageRow[]; nextCursor: string }>({
      method: 'GET',
      path,
      query: { after: cursor },
    });
    const items: ChatItem[] = [];
    for (const row of page.items) items.push(await this.open(row));
    return { items, cursor: page.nextCursor };
  }

  async open(row: MessageRow): Promise<ChatItem> {
    const [item] = await this.opener.open([row]);
    if (item === undefined) throw new TypeError('there is an item for every row');
    return item;
  }

  markRead(messageId: string): Promise<void> {
    const path = `/api/messages/mark-read/${encodeURIComponent(messageId)}`;
    return this.http.done({ method: 'PATCH', path, idempotent: true });
  }

  delete(messageId: string): Promise<void> {
    const path = `/api/messages/${encodeURIComponent(messageId)}`;
    return this.http.done({ method: 'DELETE', path, idempotent: true });
  }

  /**
   * What the page must reach to leave nothing out: `start` is the last place before it, `end` the first one after it.
   * Null where the page goes on, or where nothing says how far it must reach.
   */
  private async endsOf(
    chatId: string,
    page: {
      readonly before: number | undefined;
      readonly after: number | undefined;
      readonly rows: readonly MessageRow[];
      readonly atEnd: boolean;
    },
  ): Promise<{ readonly start: number | null; readonly end: number | null }> {
    const { before, after, atEnd } = page;
    const newestSeen = (await this.memory.newest(chatId))?.seq ?? 0;
    const newestPlace = newestSeen + 1;
    if (after !== undefined) {
      const end = atEnd ? (before ?? Math.max(newestPlace, after + 1)) : null;
      return { start: after, end };
    }
    const start = atEnd ? await this.joinedSeq(chatId) : null;
    return { start, end: before ?? newestPlace };
  }

  private async joinedSeq(chatId: string): Promise<number | null> {
    const userId = await this.account.id();
    const { members } = await this.chats.recall(chatId);
    return members.find((member) => member.userId === userId)?.joinedSeq ?? null;
  }
}

/** The items with a place-holder wherever the server left out places. */
function withGaps(
  chatId: string,
  items: readonly ChatItem[],
  { start, end }: { readonly start: number | null; readonly end: number | null },
): readonly (ChatItem | MissingItem)[] {
  const all: (ChatItem | MissingItem)[] = [];
  const gap = (fromSeq: number, toSeq: number) => {
    if (fromSeq <= toSeq) all.push({ kind: 'missing', chatId, fromSeq, toSeq, reason: 'gap' });
  };
  let place = start;
  for (const item of items) {
    if (place !== null) gap(place + 1, item.seq - 1);
    all.push(item);
    place = item.seq;
  }
  if (end !== null && place !== null) gap(place + 1, end - 1);
  return all;
}
