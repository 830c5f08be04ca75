import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Forbidden, NotFound } from '../../common/problem/common.errors.js';
import { firstRow, type Queryable } from '../../database/rows.js';
import { membersOf } from '../chats/locked-chat.js';
import type { ChatChange } from '../events/chat-change.js';
import { ChatChanges } from '../events/chat-changes.service.js';
import { findVisible, type VisibleMessage } from './visible-message.js';

/** How far somebody has read. */
@Injectable()
export class ReadState {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: ChatChanges,
  ) {}

  /**
   * Marks a message and all before it in its chat; never takes back what was marked.
   * @throws NotFound, Forbidden for an own message
   */
  async markRead(messageId: string, userId: string): Promise<void> {
    const message = await findVisible(this.dataSource, messageId, userId);
    if (message.senderId === userId) throw new Forbidden();
    const { lastReadSeq } = await readOwn(this.dataSource, message.chatId, userId);
    if (lastReadSeq >= message.seq) return;
    await this.changes
      .run(message.chatId, (change) => tellAndMove(change, message, userId))
      .catch(unlessSuperseded);
  }
}

async function tellAndMove(change: ChatChange, message: VisibleMessage, userId: string): Promise<void> {
  const { chatId, seq } = message;
  const told = await membersOf(change.tx, chatId);
  // Holding all their heads, nobody else sends, deletes or reads here: what is counted then stays true.
  await change.tell(told, { kind: 'read', chatId, number: seq, actorId: userId });
  if (!(await moveOn(change.tx, message, userId))) throw new Superseded();
}

/** Another device was faster and farther: nothing to tell, so the transaction is undone. */
class Superseded extends Error {}

function unlessSuperseded(error: unknown): void {
  if (!(error instanceof Superseded)) throw error;
}

interface OwnState {
  readonly lastReadSeq: number;
  readonly exemptCount: number;
  readonly lastSeq: number;
}

async function readOwn(db: Queryable, chatId: string, userId: string): Promise<OwnState> {
  const own = await firstRow<OwnState>(
    db,
    `SELECT m.last_read_seq AS "lastReadSeq", m.exempt_count AS "exemptCount", c.last_seq AS "lastSeq"
     FROM chat_members m JOIN chats c ON c.id = m.chat_id WHERE m.chat_id = $1 AND m.user_id = $2`,
    [chatId, userId],
  );
  if (own === null) throw new NotFound();
  return own;
}

/** Moves the mark, and counts what does not count as unread anew, over whichever side has fewer messages. */
async function moveOn(tx: Queryable, { chatId, seq }: VisibleMessage, userId: string): Promise<boolean> {
  const own = await readOwn(tx, chatId, userId);
  if (own.lastReadSeq >= seq) return false;
  const isNearEnd = own.lastSeq - seq <= seq - own.lastReadSeq;
  const [from, to] = isNearEnd ? [seq, own.lastSeq] : [own.lastReadSeq, seq];
  const exempt = await firstRow<{ count: number }>(
    tx,
    `SELECT count(*)::int AS count FROM messages
     WHERE chat_id = $1 AND seq > $2 AND seq <= $3 AND (sender_id = $4 OR deleted_at IS NOT NULL)`,
    [chatId, from, to, userId],
  );
  const counted = exempt?.count ?? 0;
  await tx.query(
    'UPDATE chat_members SET last_read_seq = $3, exempt_count = $4 WHERE chat_id = $1 AND user_id = $2',
    [chatId, userId, seq, isNearEnd ? counted : own.exemptCount - counted],
  );
  return true;
}
