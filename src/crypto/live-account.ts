import { Unauthenticated } from '../common/problem/common.errors.js';
import { firstRow, type Queryable } from '../database/rows.js';

/**
 * Keeps the account from being deleted until the transaction ends. Without it, a write that was under way could
 * leave keys or a backup behind what the deletion had just erased.
 * @throws Unauthenticated where it is deleted already: its last tokens are just dying.
 */
export async function holdLiveAccount(tx: Queryable, userId: string): Promise<void> {
  const account = await firstRow(tx, 'SELECT 1 FROM users WHERE id = $1 AND deleted_at IS NULL FOR SHARE', [
    userId,
  ]);
  if (account === null) throw new Unauthenticated();
}

/** Whether there is such an account. */
export async function isLiveAccount(db: Queryable, userId: string): Promise<boolean> {
  return (await firstRow(db, 'SELECT 1 FROM users WHERE id = $1 AND deleted_at IS NULL', [userId])) !== null;
}
