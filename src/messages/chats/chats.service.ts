import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { newId } from '../../common/ids.js';
import { ValidationFailed } from '../../common/problem/common.errors.js';
import { firstRow, type Queryable } from '../../database/rows.js';
import type { ChatChange } from '../events/chat-change.js';
import { ChatChanges } from '../events/chat-changes.service.js';
import type { ChatKind } from './chat.entity.js';
import type { CreateChatBody } from './chats.dto.js';
import { People } from './people.service.js';

/** As many as an envelope may have recipients. */
export const MAX_MEMBERS = 256;

/** A chat, and whether it is new. */
export interface FoundChat {
  readonly chatId: string;
  readonly isNew: boolean;
}

/** Makes chats. */
@Injectable()
export class ChatsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: ChatChanges,
    private readonly people: People,
  ) {}

  /**
   * One other member and no title: the direct chat of the two, which is made once; else a group.
   * @throws ValidationFailed, NotFound for an unknown member, Blocked, UserWithoutKeys
   */
  async create(userId: string, { memberIds, title }: CreateChatBody): Promise<FoundChat> {
    const others = memberIds.filter((id) => id !== userId);
    if (others.length === 0 || others.length >= MAX_MEMBERS)
      throw new ValidationFailed([
        { pointer: '/memberIds', detail: `memberIds must name 1 to ${MAX_MEMBERS - 1} others` },
      ]);
    const [other] = others;
    if (others.length === 1 && other !== undefined && (title ?? null) === null)
      return this.createDirect(userId, other);
    return this.changes.run(userId, async (change) => {
      await this.people.hold(change.tx, userId, [userId, ...others]);
      const chatId = newId();
      await insertChat(change, { id: chatId, kind: 'group', title: title ?? null, ownerId: userId }, [
        userId,
        ...others,
      ]);
      return { chatId, isNew: true };
    });
  }

  private async createDirect(userId: string, other: string): Promise<FoundChat> {
    const found = await findDirect(this.dataSource, userId, other);
    if (found !== null) return { chatId: found, isNew: false };
    return this.changes.run(userId, async (change) => {
      // Both are held by whoever makes a chat of the two: of two creators, the second finds the first one's.
      await this.people.hold(change.tx, userId, [userId, other]);
      const meanwhile = await findDirect(change.tx, userId, other);
      if (meanwhile !== null) return { chatId: meanwhile, isNew: false };
      const chatId = newId();
      await insertChat(change, { id: chatId, kind: 'direct', title: null, ownerId: null }, [userId, other]);
      await change.tx.query(
        'INSERT INTO direct_chats (low_id, high_id, chat_id) VALUES (least($1::uuid, $2), greatest($1, $2), $3)',
        [userId, other, chatId],
      );
      return { chatId, isNew: true };
    });
  }
}

async function findDirect(db: Queryable, userId: string, other: string): Promise<string | null> {
  const found = await firstRow<{ chatId: string }>(
    db,
    `SELECT chat_id AS "chatId" FROM direct_chats
     WHERE low_id = least($1::uuid, $2) AND high_id = greatest($1::uuid, $2)`,
    [userId, other],
  );
  return found?.chatId ?? null;
}

interface NewChat {
  id: string;
  kind: ChatKind;
  title: string | null;
  ownerId: string | null;
}

async function insertChat(change: ChatChange, chat: NewChat, memberIds: readonly string[]): Promise<void> {
  const { tx, at } = change;
  await tx.query(
    `INSERT INTO chats (id, kind, title, owner_id, last_seq, created_at) VALUES ($1, $2, $3, $4, 0, $5)`,
    [chat.id, chat.kind, chat.title, chat.ownerId, at],
  );
  await change.tell(memberIds, { kind: 'chat', chatId: chat.id });
  await insertMembers(change, chat.id, memberIds, 0);
}

/** @param joinedSeq the chat's `lastSeq`: new members read from there on. */
export async function insertMembers(
  { tx, at }: ChatChange,
  chatId: string,
  userIds: readonly string[],
  joinedSeq: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO chat_members (chat_id, user_id, joined_at, joined_seq, last_read_seq, exempt_count)
     SELECT $1, user_id, $3, $4, $4, 0 FROM unnest($2::uuid[]) AS joining (user_id)`,
    [chatId, userIds, at, joinedSeq],
  );
}
