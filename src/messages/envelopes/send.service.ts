import { Injectable } from '@nestjs/common';
import type { ParsedEnvelope } from '@sealgate/protocol';
import { NotFound } from '../../common/problem/common.errors.js';
import { KeysService } from '../../crypto/account-keys/keys.service.js';
import type { ChatChange } from '../events/chat-change.js';
import { ChatChanges, OutOfDate } from '../events/chat-changes.service.js';
import { Blocked, MessageIdReused, RecipientsAreStale } from '../messages.errors.js';
import { checkEnvelope, digestOf } from './core/check-envelope.js';
import { compareRecipients, type CurrentKey } from './core/compare-recipients.js';
import { admit, insertMessage, lockForSending, type Draft } from './message-store.js';
import type { SendMessageBody } from './send.dto.js';

/** A stored message, and whether it was stored by this request. */
export interface Receipt {
  readonly seq: number;
  readonly sentAt: Date;
  readonly isNew: boolean;
}

/** Takes messages. */
@Injectable()
export class SendService {
  constructor(
    private readonly changes: ChatChanges,
    private readonly keys: KeysService,
  ) {}

  /**
   * Stores a message once, however often it is sent.
   * @throws InvalidEnvelope, NotFound, MessageIdReused, Blocked, RecipientsAreStale; in this order
   */
  async send(senderId: string, { id, chatId, envelope: value }: SendMessageBody): Promise<Receipt> {
    const envelope = await checkEnvelope(value, { id, chatId, senderId });
    const draft = { id, chatId, senderId, envelope, digest: digestOf(chatId, envelope) };
    return this.changes.run(chatId, (change) => this.store(change, draft));
  }

  private async store(change: ChatChange, draft: Draft): Promise<Receipt> {
    const { lastSeq, isBlocked } = await lockForSending(change.tx, draft);
    const { isMember, known, positions } = await admit(change, draft);
    if (!isMember) throw new NotFound();
    if (known !== null) {
      if (!known.isSame) throw new MessageIdReused();
      return { seq: known.seq, sentAt: known.sentAt, isNew: false };
    }
    if (isBlocked) throw new Blocked();
    // The heads are held by now: no member's new key can come between this look and the commit.
    const current = await this.currentKeys(change, [...positions.keys()]);
    const stale = compareRecipients(current, draft.envelope.kids);
    if (stale !== null) throw new RecipientsAreStale(stale);
    const seq = lastSeq + 1;
    const recipients = recipientsOf(draft.envelope, current, positions);
    // False: another chat's message took the id since the look above; the next look finds it.
    if (!(await insertMessage(change, draft, { seq, positions, recipients }))) throw new OutOfDate();
    return { seq, sentAt: change.at, isNew: true };
  }

  private async currentKeys({ tx }: ChatChange, memberIds: readonly string[]): Promise<CurrentKey[]> {
    const keys = await this.keys.currentKeys(tx, memberIds);
    return [...keys].map(([userId, { encryptionKid, version }]) => ({ userId, kid: encryptionKid, version }));
  }
}

function recipientsOf(
  { json }: ParsedEnvelope,
  current: readonly CurrentKey[],
  positions: ReadonlyMap<string, number>,
): Record<string, { kid: string; key: string; position: number }> {
  const keys = new Map(json.recipients.map(({ header, encrypted_key }) => [header.kid, encrypted_key]));
  return Object.fromEntries(
    current.map(({ userId, kid }) => [
      userId,
      { kid, key: keys.get(kid) ?? '', position: positions.get(userId) ?? 0 },
    ]),
  );
}
