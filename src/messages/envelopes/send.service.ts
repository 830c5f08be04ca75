import { Injectable } from '@nestjs/common';
import type { ParsedEnvelope } from '@sealgate/protocol';
import { ChatChanges, type ChangeOutcome } from '../events/chat-changes.service.js';
import { Blocked, MessageIdReused, RecipientsAreStale } from '../messages.errors.js';
import { checkEnvelope, digestOf } from './core/check-envelope.js';
import { compareRecipients, type CurrentKey } from './core/compare-recipients.js';
import {
  insertStatement,
  isIdTaken,
  lookStatements,
  standing,
  type Draft,
  type Standing,
} from './message-store.js';
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
  constructor(private readonly changes: ChatChanges) {}

  /**
   * Stores a message once, however often it is sent.
   * @throws InvalidEnvelope, NotFound, MessageIdReused, Blocked, RecipientsAreStale; in this order
   */
  async send(senderId: string, { id, chatId, envelope: value }: SendMessageBody): Promise<Receipt> {
    const envelope = await checkEnvelope(value, { id, chatId, senderId });
    const draft = { id, chatId, senderId, envelope, digest: digestOf(chatId, envelope) };
    return this.changes.runInTwoSteps(chatId, {
      first: lookStatements(draft),
      decide: (found, at) => place(draft, standing(found, at), at),
      isOutdated: isIdTaken,
    });
  }
}

function place(
  draft: Draft,
  { turn, admission: { known, positions }, keys }: Standing,
  at: Date,
): ChangeOutcome<Receipt> {
  if (known !== null) {
    if (!known.isSame) throw new MessageIdReused();
    const result = { seq: known.seq, sentAt: known.sentAt, isNew: false };
    return { statements: [], result, told: new Set() };
  }
  if (turn.isBlocked) throw new Blocked();
  const stale = compareRecipients(keys, draft.envelope.kids);
  if (stale !== null) throw new RecipientsAreStale(stale);
  const seq = turn.lastSeq + 1;
  const recipients = recipientsOf(draft.envelope, keys, positions);
  return {
    statements: [insertStatement(draft, { seq, at, positions, recipients })],
    result: { seq, sentAt: at, isNew: true },
    told: new Set(positions.keys()),
  };
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
