import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { rows } from '../database/rows.js';
import { AccountHooks, type AccountEnd } from '../users/account-hooks.js';
import { Blocks } from './blocks/blocks.service.js';
import type { LockedChat } from './chats/locked-chat.js';
import { removeMember } from './chats/members.service.js';
import { messageJson } from './envelopes/message-json.js';
import type { ChatChange } from './events/chat-change.js';
import { ChatChanges } from './events/chat-changes.service.js';
import { bury } from './history/tombstones.js';

/** Messages per statement: what a deletion holds in memory at once. */
const BATCH = 1_000;

/** What of this module ends with an account, or is given to its owner. */
@Injectable()
export class MessagesAccount implements OnModuleInit {
  constructor(
    private readonly hooks: AccountHooks,
    private readonly dataSource: DataSource,
    private readonly changes: ChatChanges,
    private readonly blocks: Blocks,
  ) {}

  onModuleInit(): void {
    this.hooks.register({
      name: 'messages',
      ending: (tx, userId, end) => this.end(tx, userId, end),
      export: (userId) => this.export(userId),
    });
  }

  /** Of a deleted account the messages become tombstones, everywhere; its memberships end, and owning is passed on. */
  private async end(tx: EntityManager, userId: string, end: AccountEnd): Promise<void | (() => void)> {
    if (end !== 'deleted') return;
    await this.blocks.forget(tx, userId);
    return this.changes.join(tx, async (change) => {
      const chats = await lockAllOf(change, userId);
      for (const chat of chats) {
        await buryAllOf(change, chat, userId);
        if (chat.memberIds.includes(userId)) await removeMember(change, chat, userId);
      }
      const direct = chats.filter(({ kind }) => kind === 'direct').map(({ id }) => id);
      await tx.query('DELETE FROM direct_chats WHERE chat_id = ANY($1::uuid[])', [direct]);
      await tx.query('DELETE FROM user_events WHERE user_id = $1', [userId]);
    });
  }

  private async export(userId: string): Promise<unknown> {
    const chats = await rows(
      this.dataSource,
      `SELECT c.id, c.kind, c.title, c.created_at AS "createdAt", c.owner_id = $1 AS "isOwner",
              m.joined_at AS "joinedAt", m.joined_seq AS "joinedSeq", m.last_read_seq AS "lastReadSeq"
       FROM chat_members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = $1 ORDER BY c.id`,
      [userId],
    );
    const sent = await rows<{ message: string }>(
      this.dataSource,
      `SELECT ${messageJson('i.sender_id::text')} AS message
       FROM message_ids i JOIN messages m ON m.chat_id = i.chat_id AND m.seq = i.seq
       WHERE i.sender_id = $1 ORDER BY i.chat_id, i.seq`,
      [userId],
    );
    const blocked = await this.blocks.list(userId);
    return { chats, blocked, sent: sent.map(({ message }) => JSON.parse(message) as unknown) };
  }
}

/** Locks every chat in which the user is or has written, and then the heads of all who will be told, in their orders. */
async function lockAllOf(change: ChatChange, userId: string): Promise<LockedChat[]> {
  const locked = await rows<Omit<LockedChat, 'memberIds'>>(
    change.tx,
    `SELECT id, kind, owner_id AS "ownerId", last_seq AS "lastSeq" FROM chats
     WHERE id IN (SELECT chat_id FROM chat_members WHERE user_id = $1
                  UNION SELECT chat_id FROM message_ids WHERE sender_id = $1)
     ORDER BY id FOR NO KEY UPDATE`,
    [userId],
  );
  const members = await rows<{ chatId: string; userId: string }>(
    change.tx,
    `SELECT chat_id AS "chatId", user_id AS "userId" FROM chat_members
     WHERE chat_id = ANY($1::uuid[]) ORDER BY chat_id, joined_at, user_id`,
    [locked.map(({ id }) => id)],
  );
  await change.reserve([...new Set(members.map((member) => member.userId))], 0);
  return locked.map((chat) => ({
    ...chat,
    memberIds: members.filter(({ chatId }) => chatId === chat.id).map((member) => member.userId),
  }));
}

async function buryAllOf(change: ChatChange, chat: LockedChat, userId: string): Promise<void> {
  const others = chat.memberIds.filter((id) => id !== userId);
  for (let after = 0; ;) {
    const found = await rows<{ seq: number }>(
      change.tx,
      `SELECT seq FROM message_ids WHERE sender_id = $1 AND chat_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
      [userId, chat.id, after, BATCH],
    );
    const last = found.at(-1);
    if (last === undefined) return;
    const seqs = found.map(({ seq }) => seq);
    await bury(change, { chatId: chat.id, senderId: userId, seqs }, others);
    after = last.seq;
  }
}
