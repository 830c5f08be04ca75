import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFound } from '../../common/problem/common.errors.js';
import { KeysService } from '../../crypto/account-keys/keys.service.js';
import { ChatDirectory, type ChatRecipient } from '../../crypto/convenience/chat-directory.js';
import { membersOf } from './locked-chat.js';

/** Tells the keys' module whom a message must be sealed to. */
@Injectable()
export class MembersDirectory extends ChatDirectory {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: KeysService,
  ) {
    super();
  }

  async currentRecipients(chatId: string, userId: string): Promise<ChatRecipient[]> {
    const memberIds = await membersOf(this.dataSource, chatId);
    if (!memberIds.includes(userId)) throw new NotFound();
    const keys = await this.keys.currentKeys(memberIds);
    return [...keys].map(([id, { encryptionKid, version }]) => ({ userId: id, kid: encryptionKid, version }));
  }
}
