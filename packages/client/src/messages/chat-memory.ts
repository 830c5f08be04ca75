import { checkHistory, type OpenedMessage } from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import type { Change } from '../storage/storage.js';
import type { OpenedItem } from './message-types.js';

/** A message that was opened at this place. */
interface Place {
  readonly id: string;
  readonly hash: string;
}

/** The same, found by its id. */
interface Seen {
  readonly seq: number;
  readonly hash: string;
}

/** What a message is checked against, and whether its sender's messages may be named by the next one sent. */
type Checked = readonly [message: OpenedMessage, warning: OpenedItem['warning']];

/** Which messages of each chat this device has opened: ids and hashes, never texts. */
export class ChatMemory {
  constructor(private readonly account: Account) {}

  /** The newest message that was opened without a warning: what the next one names as `previous`. */
  async newest(chatId: string): Promise<Seen | null> {
    const storage = await this.account.storage();
    return ((await storage.get(`chat/${chatId}/newest`)) as Seen | undefined) ?? null;
  }

  /**
   * Checks messages of one chat against what was opened before, and remembers them.
   *
   * @param messages in the order of their `seq`
   * @param contiguousSeq the place right before the first one, where the reader goes through the chat in order
   */
  async check(
    chatId: string,
    messages: readonly OpenedMessage[],
    contiguous: (seq: number) => number | null,
  ): Promise<readonly Checked[]> {
    const storage = await this.account.storage();
    const prefix = `chat/${chatId}`;
    const placed = new Map<number, string>();
    const seen = new Map<string, Seen>();
    const checked: Checked[] = [];
    const changes: Change[] = [];
    let newest = await this.newest(chatId);
    for (const message of messages) {
      const { id, seq, hash, previous } = message;
      const opened = seen.get(id) ?? ((await storage.get(`${prefix}/id/${id}`)) as Seen | undefined);
      const hashAt = async (place: number) =>
        placed.get(place) ?? ((await storage.get(`${prefix}/seq/${place}`)) as Place | undefined)?.hash;
      const before = await hashAt(seq);
      const failure = checkHistory(message, {
        opened,
        previousHash: previous === null ? undefined : await hashAt(previous.seq),
        contiguousSeq: contiguous(seq),
      });
      // Another message stood here before: the server rewrites the chat.
      const warning = failure ?? (before !== undefined && before !== hash ? 'inconsistent' : null);
      checked.push([message, warning]);
      if (warning === 'replayed' || warning === 'inconsistent') continue;
      placed.set(seq, hash);
      seen.set(id, { seq, hash });
      if (opened === undefined)
        changes.push([`${prefix}/seq/${seq}`, { id, hash }], [`${prefix}/id/${id}`, { seq, hash }]);
      if (seq > (newest?.seq ?? 0)) newest = { seq, hash };
    }
    if (changes.length > 0) await storage.write([...changes, [`${prefix}/newest`, newest ?? undefined]]);
    return checked;
  }

  /** An own message that the server has just stored. */
  async sent(chatId: string, id: string, seq: number, hash: string): Promise<void> {
    const storage = await this.account.storage();
    const prefix = `chat/${chatId}`;
    const newest = await this.newest(chatId);
    await storage.write([
      [`${prefix}/seq/${seq}`, { id, hash }],
      [`${prefix}/id/${id}`, { seq, hash }],
      ...(seq > (newest?.seq ?? 0) ? [[`${prefix}/newest`, { seq, hash }] as const] : []),
    ]);
  }
}
