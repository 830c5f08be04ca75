import type { LogEntry } from '@sealgate/protocol';
import { rows, type Queryable } from '../../database/rows.js';

/** The leaves from `start` to before `end`, as far as there are any. */
export async function readLeaves(db: Queryable, start: number, end: number): Promise<LogEntry[]> {
  const leaves = await rows<{ userId: string; version: number; statementHash: Buffer }>(
    db,
    `SELECT user_id AS "userId", version, statement_hash AS "statementHash"
     FROM key_log_leaves WHERE index >= $1 AND index < $2 ORDER BY index`,
    [start, end],
  );
  return leaves.map(({ userId, version, statementHash }) => ({
    v: 1,
    user: userId,
    version,
    statement: statementHash.toString('base64url'),
  }));
}
