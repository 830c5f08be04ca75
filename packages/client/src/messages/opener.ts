import {
  type OpenedMessage,
  openMessage,
  type OpenReason,
  ProtocolError,
  type Reader,
} from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import { hasCode } from '../errors.js';
import type { Contacts } from '../keys/contacts.js';
import type { OwnAccountKeys } from '../keys/own-account-keys.js';
import type { MessageHeads } from '../log/message-heads.js';
import type { ChatMemory } from './chat-memory.js';
import type { ChatItem, MessageRow, OpenedItem, UnopenedReason } from './message-types.js';

/** Opens messages, each or with the reason why not. */
export class Opener {
  constructor(
    private readonly account: Account,
    private readonly own: OwnAccountKeys,
    private readonly contacts: Contacts,
    private readonly memory: ChatMemory,
    private readonly heads: MessageHeads,
  ) {}

  /**
   * Opens rows of one chat, in the order of their `seq`.
   *
   * @param contiguous the `seq` up to which nothing is missing before the row at `seq`; null where that is not known
   * @returns an item for every row, in the same order
   */
  async open(
    rows: readonly MessageRow[],
    contiguous: (seq: number) => number | null = () => null,
  ): Promise<readonly ChatItem[]> {
    const [me, reader] = await Promise.all([this.account.id(), this.own.reader()]);
    const results = await Promise.all(rows.map((row) => this.openOne(row, reader)));
    const opened = results.filter((result) => typeof result === 'object');
    const chatId = rows[0]?.chatId ?? '';
    const checked = new Map(await this.memory.check(chatId, opened, contiguous));
    await this.heads.compare(opened);
    return rows.map((row, i) => {
      const { id, seq, senderId, sentAt } = row;
      const placed = { id, chatId: row.chatId, seq, senderId, sentAt, own: senderId === me };
      const result = results[i] ?? 'malformed';
      if (typeof result === 'object') return toItem(placed, result, checked.get(result) ?? null);
      if (result === 'deleted') return { kind: 'deleted', ...placed, deletedAt: row.deletedAt ?? sentAt };
      return { kind: 'unopened', ...placed, reason: result };
    });
  }

  private async openOne(
    row: MessageRow,
    reader: Reader,
  ): Promise<OpenedMessage | UnopenedReason | 'deleted'> {
    if (row.deletedAt !== null) return 'deleted';
    try {
      return await openMessage({
        envelope: row.envelope,
        row,
        reader,
        senderKey: (user, kid) => this.contacts.signingKey(user, kid),
      });
    } catch (error) {
      if (hasCode(error, 'key_log_alarm')) return 'unverified-sender-keys';
      if (error instanceof ProtocolError) return error.reason as OpenReason;
      throw error;
    }
  }
}

function toItem(
  placed: Omit<Extract<ChatItem, { kind: 'unopened' }>, 'kind' | 'reason'>,
  { body, sent }: OpenedMessage,
  warning: OpenedItem['warning'],
): OpenedItem {
  return { kind: 'message', ...placed, body, text: body.text, claimedSentAt: sent, warning };
}
