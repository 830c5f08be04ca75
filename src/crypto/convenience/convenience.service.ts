import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  openMessage,
  parseEnvelope,
  ProtocolError,
  sealMessage,
  type Envelope,
  type MessagePayload,
} from '@sealgate/protocol';
import { ValidationFailed } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { KeyStatements } from '../account-keys/key-statements.service.js';
import { payloadOf } from '../account-keys/payload-of.js';
import { InvalidEnvelope } from '../crypto.errors.js';
import { KeyLog } from '../key-log/key-log.service.js';
import { ChatDirectory } from './chat-directory.js';
import { importDecryptionKey, importSigningKey } from './private-jwks.js';

/** What to seal, and the key that signs it. */
export interface Draft {
  readonly id: string;
  readonly chatId: string;
  readonly plaintext: string;
  readonly signingKey: Readonly<Record<string, unknown>>;
}

/**
 * Seals and opens for clients that cannot, with private keys that come with the request and go with it: none is kept
 * and none is logged. It is not end-to-end encryption, and every answer says so.
 */
@Injectable()
export class ConvenienceService {
  constructor(
    private readonly statements: KeyStatements,
    private readonly log: KeyLog,
    private readonly clock: Clock,
    private readonly modules: ModuleRef,
  ) {}

  /**
   * The envelope of a message, ready to be sent. `previous` is null: the server has opened nothing.
   * @throws NotFound where the sender is no member, ValidationFailed
   */
  async seal(draft: Draft, senderId: string): Promise<Envelope> {
    const { id, chatId, plaintext, signingKey } = draft;
    // Asked for when it is needed: the module that provides it stands above this one.
    const chats = this.modules.get(ChatDirectory, { strict: false });
    const members = await chats.currentRecipients(chatId, senderId);
    const latest = await this.statements.latest(senderId);
    const registered = latest === null ? null : payloadOf(latest.statement).signingKey;
    const signer = await importSigningKey(signingKey, registered);
    const recipients = await this.statements.encryptionKeys(members.map(({ kid }) => kid));
    try {
      return await sealMessage({
        id,
        chat: chatId,
        from: senderId,
        sent: this.clock.now().toISOString(),
        previous: null,
        log: await this.newestHead(),
        body: { type: 'text', text: plaintext },
        signer,
        recipients,
      });
    } catch (error) {
      // Everything else in it is ours.
      if (!(error instanceof ProtocolError)) throw error;
      throw new ValidationFailed([
        { pointer: '/plaintext', detail: `plaintext cannot be sealed: ${error.reason}` },
      ]);
    }
  }

  /**
   * The text of an envelope, where the sender's registered key has signed it for exactly this place and reader. What
   * only a history could tell (a replay, a gap) is left to the client that has one.
   * @throws InvalidEnvelope, ValidationFailed
   */
  async open(
    envelope: unknown,
    privateKey: Readonly<Record<string, unknown>>,
  ): Promise<{ plaintext: string; from: string }> {
    const { kid, key } = await importDecryptionKey(privateKey);
    try {
      const { id, chat, from } = parseEnvelope(envelope).header;
      const { body } = await openMessage({
        envelope,
        row: { id, chatId: chat, senderId: from, seq: 1 },
        reader: { keys: new Map([[kid, key]]), lostKids: new Set() },
        senderKey: (user, signingKid) => this.statements.signingKey(user, signingKid),
      });
      return { plaintext: body.text, from };
    } catch (error) {
      if (error instanceof ProtocolError) throw new InvalidEnvelope(error.reason, error);
      throw error;
    }
  }

  private async newestHead(): Promise<MessagePayload['log']> {
    const { size, root } = await this.log.head();
    return size === 0 ? null : { size, root: root.toString('base64url') };
  }
}
