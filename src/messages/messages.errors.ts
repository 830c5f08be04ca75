import { DomainError } from '../common/problem/domain-error.js';

/** A direct chat has its two members, always. */
export class DirectChat extends DomainError {
  constructor() {
    super('direct_chat', 409, 'The members of a direct chat do not change');
  }
}

/** Nobody can seal a message to them yet. */
export class UserWithoutKeys extends DomainError {
  constructor(userIds: readonly string[]) {
    super('user_without_keys', 409, 'A member has no keys yet', { members: { userIds } });
  }
}

/** As many members as an envelope may have recipients. */
export class ChatFull extends DomainError {
  constructor() {
    super('chat_full', 409, 'The chat has as many members as it can have');
  }
}

/** A block stands between the two; which of them it was is not told. */
export class Blocked extends DomainError {
  constructor() {
    super('blocked', 403, 'One of you does not want to hear from the other');
  }
}

/** More than anybody needs. */
export class TooManyBlocks extends DomainError {
  constructor() {
    super('too_many_blocks', 409, 'The list of blocked people is full');
  }
}

/** What a client needs to seal the message anew. */
export interface StaleRecipients {
  /** Current keys that the envelope lacks. */
  readonly missing: readonly { userId: string; kid: string; version: number }[];
  /** Keys in the envelope that are nobody's current ones. */
  readonly extra: readonly string[];
}

export class RecipientsAreStale extends DomainError {
  constructor({ missing, extra }: StaleRecipients) {
    super('stale_recipients', 409, "The recipients are not exactly the members' current keys", {
      members: { missing, extra },
    });
  }
}

/** An id names one message for good, whoever sent it wherever. */
export class MessageIdReused extends DomainError {
  constructor() {
    super('message_id_reused', 409, 'Another message has this id');
  }
}
