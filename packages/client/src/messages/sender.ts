import {
  type EncryptionJwk,
  type Envelope,
  envelopeHash,
  ProtocolError,
  sealMessage,
} from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import { clientError, hasCode } from '../errors.js';
import type { Http } from '../http/http.js';
import { type Contacts, current } from '../keys/contacts.js';
import type { OwnAccountKeys } from '../keys/own-account-keys.js';
import type { Alarms } from '../log/alarms.js';
import type { PinnedLog } from '../log/pinned-log.js';
import type { ChatMemory } from './chat-memory.js';
import type { Chats } from './chats.js';
import type { Chat, SentMessage } from './message-types.js';

/** What is to be sent. `sealed` is the envelope of an earlier attempt whose answer was lost. */
export interface Draft {
  readonly id: string;
  readonly chatId: string;
  readonly text: string;
  readonly sealed?: Envelope | undefined;
}

/** How often a message is sealed anew while members or keys change. */
const ROUNDS = 5;

/** Seals messages to verified keys, and sends each exactly once. */
export class Sender {
  constructor(
    private readonly http: Http,
    private readonly account: Account,
    private readonly own: OwnAccountKeys,
    private readonly contacts: Contacts,
    private readonly chats: Chats,
    private readonly memory: ChatMemory,
    private readonly log: PinnedLog,
    private readonly alarms: Alarms,
  ) {}

  /** @param onSealed before the envelope is sent: whoever keeps it can send the same bytes again after a crash. */
  async send(draft: Draft, onSealed?: (envelope: Envelope) => Promise<void>): Promise<SentMessage> {
    const { id, chatId } = draft;
    let envelope = draft.sealed;
    for (let round = 1; ; round += 1) {
      if (envelope === undefined) {
        envelope = await this.seal(draft);
        await onSealed?.(envelope);
      }
      try {
        const sent = await this.post(id, chatId, envelope);
        await this.memory.sent(chatId, id, sent.seq, await envelopeHash(envelope));
        return sent;
      } catch (error) {
        if (!hasCode(error, 'stale_recipients')) throw error;
        if (round === ROUNDS)
          throw clientError('recipients_unsettled', 'the recipients keep changing', { cause: error });
        // It was not stored, so the same id may name the message that is sealed next.
        await this.chats.get(chatId);
        envelope = undefined;
      }
    }
  }

  private post(id: string, chatId: string, envelope: Envelope): Promise<SentMessage> {
    const body = { id, chatId, envelope };
    return this.http.json({ method: 'POST', path: '/api/messages/send', body, idempotent: true });
  }

  private async seal({ id, chatId, text }: Draft): Promise<Envelope> {
    await this.alarms.requireNoConflict();
    const [from, chat, previous] = await Promise.all([
      this.account.id(),
      this.chats.recall(chatId),
      this.memory.newest(chatId),
    ]);
    await this.requireSameDirectChat(chat, from);
    const recipients = await this.recipients(chat);
    // After the recipients: should somebody else's keys stand for this account by now, they are not sealed to.
    const { encryption, signing } = await this.own.current();
    if (!recipients.some(({ kid }) => kid === encryption.jwk.kid))
      throw clientError('chat_changed', 'the server does not count this account to the members');
    const { head } = await this.log.read();
    try {
      return await sealMessage({
        id,
        chat: chatId,
        from,
        sent: new Date().toISOString(),
        previous,
        log: head === undefined || head.size === 0 ? null : { size: head.size, root: head.root },
        body: { type: 'text', text },
        signer: { kid: signing.jwk.kid, privateKey: signing.privateKey },
        recipients,
      });
    } catch (error) {
      if (error instanceof ProtocolError && error.reason === 'too-large')
        throw clientError('message_too_large', 'the message does not fit', { cause: error });
      throw error;
    }
  }

  /**
   * A direct chat has its two members, always: a server that adds a third, or turns it into a group, wants to read.
   * Who is in a group is what the server says; the app shows it.
   */
  private async requireSameDirectChat({ id, kind, members }: Chat, me: string): Promise<void> {
    const storage = await this.account.storage();
    const key = `chat/${id}/peer`;
    const pinned = (await storage.get(key)) as string | undefined;
    if (kind === 'group' && pinned === undefined) return;
    const [peer, ...more] = members.filter(({ userId }) => userId !== me).map(({ userId }) => userId);
    const isSame = kind === 'direct' && more.length === 0 && peer !== undefined && (pinned ?? peer) === peer;
    if (!isSame) throw clientError('chat_changed', 'a direct chat has other members than before');
    if (pinned === undefined) await storage.write([[key, peer]]);
  }

  /**
   * Every member's verified current key. Where the chat names another key than the one that is known, the server is
   * asked, and its answer checked: a name in a list is not enough to seal to.
   */
  private async recipients({ members }: Chat): Promise<readonly EncryptionJwk[]> {
    const found = await Promise.all(
      members.map(async ({ userId, kid }) => {
        let contact = await this.contacts.contact(userId);
        if (contact !== null && current(contact.chain).kids.encryption !== kid)
          contact = await this.contacts.contact(userId, true);
        return { userId, contact };
      }),
    );
    const without = found.filter(({ contact }) => contact === null).map(({ userId }) => userId);
    if (without.length > 0)
      throw clientError('user_without_keys', 'a member has no keys', { members: { userIds: without } });
    const changed = found.filter(({ contact }) => contact?.trust === 'changed-after-compare');
    if (changed.length > 0) {
      const userIds = changed.map(({ userId }) => userId);
      throw clientError('contact_keys_changed', 'keys that were compared in person have changed', {
        members: { userIds },
      });
    }
    return found.flatMap(({ contact }) =>
      contact === null ? [] : [current(contact.chain).payload.encryptionKey],
    );
  }
}
