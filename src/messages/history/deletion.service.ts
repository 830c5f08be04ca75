import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Forbidden } from '../../common/problem/common.errors.js';
import { lockChat } from '../chats/locked-chat.js';
import { ChatChanges } from '../events/chat-changes.service.js';
import { bury } from './tombstones.js';
import { findVisible } from './visible-message.js';

/** Takes messages back. */
@Injectable()
export class MessageDeletion {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: ChatChanges,
  ) {}

  /**
   * Idempotent.
   * @throws NotFound, Forbidden for another's message
   */
  async delete(messageId: string, userId: string): Promise<void> {
    const { chatId, seq, senderId } = await findVisible(this.dataSource, messageId, userId);
    if (senderId !== userId) throw new Forbidden();
    await this.changes.run(chatId, async (change) => {
      const { memberIds } = await lockChat(change.tx, chatId, userId);
      await bury(change, { chatId, senderId, seqs: [seq] }, memberIds);
    });
  }
}
