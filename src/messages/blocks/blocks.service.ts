import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFound } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow, rows, type Queryable } from '../../database/rows.js';
import { Blocked, TooManyBlocks } from '../messages.errors.js';

export interface Block {
  readonly userId: string;
  readonly createdAt: Date;
}

const MAX_BLOCKS = 1_000;

/**
 * Who does not want to hear from whom. Between the two, whoever of them it was, no chat begins, nobody adds the other to
 * a group, and their direct chat takes no new message; groups that both are in, and what was said, stay.
 */
@Injectable()
export class Blocks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Idempotent. @throws NotFound where there is no such account, or it is the own one; TooManyBlocks */
  async add(userId: string, blockedId: string): Promise<void> {
    if (userId === blockedId) throw new NotFound();
    const found = await firstRow<{ isThere: boolean; hasRoom: boolean }>(
      this.dataSource,
      `WITH there AS (
         SELECT id FROM users WHERE id = $2 AND deleted_at IS NULL
       ), room AS (
         SELECT count(*) < $4 OR bool_or(blocked_id = $2) AS left FROM blocks WHERE blocker_id = $1
       ), added AS (
         INSERT INTO blocks (blocker_id, blocked_id, created_at)
         SELECT $1, id, $3 FROM there, room WHERE room.left
         ON CONFLICT DO NOTHING
       )
       SELECT EXISTS (SELECT FROM there) AS "isThere", room.left AS "hasRoom" FROM room`,
      [userId, blockedId, this.clock.now(), MAX_BLOCKS],
    );
    if (found?.isThere !== true) throw new NotFound();
    if (!found.hasRoom) throw new TooManyBlocks();
  }

  /** Idempotent. */
  async remove(userId: string, blockedId: string): Promise<void> {
    await this.dataSource.query('DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2', [
      userId,
      blockedId,
    ]);
  }

  /** Whom this user has blocked, the newest first; never who has blocked this user. */
  list(userId: string): Promise<Block[]> {
    return rows<Block>(
      this.dataSource,
      `SELECT blocked_id AS "userId", created_at AS "createdAt" FROM blocks
       WHERE blocker_id = $1 ORDER BY created_at DESC, blocked_id`,
      [userId],
    );
  }

  /** @throws Blocked where a block stands between the user and one of the others. */
  async requireNone(db: Queryable, userId: string, others: readonly string[]): Promise<void> {
    const sql = `SELECT 1 FROM blocks WHERE (blocker_id = $1 AND blocked_id = ANY ($2::uuid[]))
      OR (blocked_id = $1 AND blocker_id = ANY ($2::uuid[])) LIMIT 1`;
    if ((await firstRow(db, sql, [userId, others])) !== null) throw new Blocked();
  }

  /** Of a deleted account. */
  async forget(tx: Queryable, userId: string): Promise<void> {
    await tx.query('DELETE FROM blocks WHERE blocker_id = $1 OR blocked_id = $1', [userId]);
  }
}
