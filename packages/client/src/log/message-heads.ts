import { encodeBase64url, type OpenedMessage } from '@sealgate/protocol';
import { hasCode } from '../errors.js';
import type { Alarms } from './alarms.js';
import type { SeenHead } from './log-types.js';
import { isRefusal, type PinnedLog, refusalOf, treeOf } from './pinned-log.js';

/** The heads of the log that messages carry: two people who are shown two logs notice as soon as they talk. */
export class MessageHeads {
  /** By sender: up to which size a head of theirs was proven. Their older ones belong to the same log as that one. */
  private readonly proven = new Map<string, number>();

  constructor(
    private readonly log: PinnedLog,
    private readonly alarms: Alarms,
  ) {}

  /**
   * Compares the newest head of each sender with the own one. A head that cannot be of the same log raises an alarm
   * that stops sending; faults of the network leave the question to the next message.
   */
  async compare(messages: readonly OpenedMessage[]): Promise<void> {
    const newest = new Map<string, OpenedMessage>();
    for (const message of messages) {
      const size = message.log?.size ?? 0;
      if (size > (newest.get(message.from)?.log?.size ?? this.proven.get(message.from) ?? 0))
        newest.set(message.from, message);
    }
    for (const message of newest.values()) await this.compareOne(message);
  }

  private async compareOne(message: OpenedMessage): Promise<void> {
    const { log: claimed, from } = message;
    if (claimed === null) return;
    try {
      let kept = (await this.log.read()).head;
      if (kept === undefined || kept.size < claimed.size) {
        const { size, root } = await this.log.look();
        kept = { size, root: encodeBase64url(root) };
      }
      if (kept.size < claimed.size) return await this.raise(message, kept, 'out-of-range');
      await this.log.proveConsistency(treeOf(claimed), treeOf(kept));
      this.proven.set(from, claimed.size);
    } catch (error) {
      if (hasCode(error, 'key_log_alarm')) return;
      if (!isRefusal(error)) return;
      const { head } = await this.log.read();
      await this.raise(message, head, refusalOf(error));
    }
  }

  private async raise(message: OpenedMessage, kept: SeenHead | undefined, refusal: string): Promise<void> {
    const { id, chat, from, seq, hash, signedBy, log } = message;
    await this.alarms.raise({
      check: 'message-head',
      message: 'a message carries a head that cannot belong to the key log that this device sees',
      userId: from,
      blocksSending: true,
      evidence: { kept, claimed: log, message: { id, chat, from, seq, hash, signedBy }, refusal },
    });
  }
}
