import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, encodeCursor, type PageQuery } from '../../common/http/paging.js';
import { isUuid } from '../../common/ids.js';
import { NotFound, ValidationFailed } from '../../common/problem/common.errors.js';
import { KeysService, type CurrentKeys } from '../../crypto/account-keys/keys.service.js';
import { rows } from '../../database/rows.js';
import type { ChatKind } from './chat.entity.js';
import type { ChatMemberView, ChatsPage, ChatView } from './chats.dto.js';

/** A chat joined with one of its members. */
interface MemberRow {
  readonly id: string;
  readonly kind: ChatKind;
  readonly title: string | null;
  readonly ownerId: string | null;
  readonly createdAt: Date;
  readonly lastSeq: number;
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly joinedAt: Date;
  readonly joinedSeq: number;
  readonly lastReadSeq: number;
  readonly exemptCount: number;
}

/** A chat as its members see it; what differs between them is in {@link viewFor}. */
export interface LoadedChat {
  readonly members: readonly MemberRow[];
  readonly keys: ReadonlyMap<string, CurrentKeys>;
}

/** Reads chats. */
@Injectable()
export class ChatReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: KeysService,
  ) {}

  /** @throws NotFound */
  async get(chatId: string, userId: string): Promise<ChatView> {
    const view = viewFor((await this.load([chatId])).get(chatId), userId);
    if (view === null) throw new NotFound();
    return view;
  }

  async list(userId: string, { limit, cursor }: PageQuery): Promise<ChatsPage> {
    const found = await rows<{ chatId: string }>(
      this.dataSource,
      `SELECT chat_id AS "chatId" FROM chat_members WHERE user_id = $1 AND ($2::uuid IS NULL OR chat_id < $2)
       ORDER BY chat_id DESC LIMIT $3`,
      [userId, cursor === undefined ? null : readCursor(cursor), limit + 1],
    );
    const ids = found.slice(0, limit).map(({ chatId }) => chatId);
    const chats = await this.load(ids);
    const last = ids.at(-1);
    return {
      items: ids.map((id) => viewFor(chats.get(id), userId)).filter((view) => view !== null),
      nextCursor: found.length > limit && last !== undefined ? encodeCursor([last]) : null,
    };
  }

  /** Chats with their members and these members' keys; unknown and closed ones are missing from the answer. */
  async load(chatIds: readonly string[]): Promise<Map<string, LoadedChat>> {
    if (chatIds.length === 0) return new Map();
    const found = await rows<MemberRow>(
      this.dataSource,
      `SELECT c.id, c.kind, c.title, c.owner_id AS "ownerId", c.created_at AS "createdAt", c.last_seq AS "lastSeq",
              m.user_id AS "userId", u.username, u.display_name AS "displayName", m.joined_at AS "joinedAt",
              m.joined_seq AS "joinedSeq", m.last_read_seq AS "lastReadSeq", m.exempt_count AS "exemptCount"
       FROM chats c JOIN chat_members m ON m.chat_id = c.id JOIN users u ON u.id = m.user_id
       WHERE c.id = ANY($1::uuid[]) ORDER BY c.id, m.joined_at, m.user_id`,
      [chatIds],
    );
    const userIds = [...new Set(found.map(({ userId }) => userId))];
    const keys = await this.keys.currentKeys(userIds);
    const chats = new Map<string, { members: MemberRow[]; keys: typeof keys }>();
    for (const row of found) {
      const chat = chats.get(row.id) ?? { members: [], keys };
      chat.members.push(row);
      chats.set(row.id, chat);
    }
    return chats;
  }
}

/** The chat as this user is given it; null for who is no member. */
export function viewFor(chat: LoadedChat | undefined, userId: string): ChatView | null {
  const own = chat?.members.find((member) => member.userId === userId);
  if (chat === undefined || own === undefined) return null;
  const { id, kind, title, ownerId, createdAt, lastSeq } = own;
  return {
    id,
    kind,
    title,
    ownerId,
    createdAt,
    lastSeq,
    // Exact, since `seq` has no gaps.
    unreadCount: lastSeq - own.lastReadSeq - own.exemptCount,
    members: chat.members.flatMap((member) => memberView(member, chat.keys.get(member.userId))),
  };
}

/** Nobody is in a chat without keys; who is being deleted this moment may be. */
function memberView(member: MemberRow, keys: CurrentKeys | undefined): ChatMemberView[] {
  if (keys === undefined) return [];
  const { userId, username, displayName, joinedAt, joinedSeq, lastReadSeq } = member;
  const { version, encryptionKid } = keys;
  return [
    {
      userId,
      username,
      displayName,
      joinedAt,
      joinedSeq,
      lastReadSeq,
      keyVersion: version,
      kid: encryptionKid,
    },
  ];
}

function readCursor(cursor: string): string {
  const [id] = decodeCursor(cursor, ['string']);
  if (isUuid(id)) return id;
  throw new ValidationFailed([{ pointer: '/cursor', detail: 'cursor must be a nextCursor of this list' }]);
}
