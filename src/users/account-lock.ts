import { setTimeout } from 'node:timers/promises';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import { Forbidden, NotFound } from '../common/problem/common.errors.js';
import { rows } from '../database/rows.js';
import { isRetryable } from '../database/sqlstate.js';
import { UserEntity } from './user.entity.js';
import { LastAdmin } from './users.errors.js';

const TRIES = 4;
/** Lets the transaction that was spared take what it waited for, before this one is back in the queue. */
const STEP_BACK_MS = 50;

/**
 * A transaction that ends what belongs to an account, and so locks rows of several features. Where one of theirs holds
 * such a row and waits for the account, PostgreSQL ends one of the two (40P01); this one then simply comes second.
 */
export async function accountTransaction<T>(
  dataSource: DataSource,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.transaction(work);
    } catch (error) {
      if (attempt === TRIES || !isRetryable(error)) throw error;
      await setTimeout(STEP_BACK_MS * attempt);
    }
  }
}

/** An account and all active admins, locked until the transaction ends. */
export interface LockedAccount {
  readonly user: UserEntity;
  readonly activeAdmins: ReadonlySet<string>;
}

/**
 * Locks an account together with every active admin, in the order of their ids: two admins who demote each other at
 * once come one after the other instead of both finding that the other is left, and never wait in a circle.
 * `NO KEY` leaves rows that refer to the account, such as new sessions, alone.
 * @throws NotFound
 */
export async function lockAccount(tx: EntityManager, userId: string): Promise<LockedAccount> {
  const locked = await rows<{ id: string; isActiveAdmin: boolean }>(
    tx,
    `SELECT id, role = 'admin' AND suspended_at IS NULL AS "isActiveAdmin" FROM users
     WHERE deleted_at IS NULL AND (id = $1 OR (role = 'admin' AND suspended_at IS NULL))
     ORDER BY id FOR NO KEY UPDATE`,
    [userId],
  );
  if (!locked.some(({ id }) => id === userId)) throw new NotFound();
  return {
    user: await tx.getRepository(UserEntity).findOneByOrFail({ id: userId }),
    activeAdmins: new Set(locked.filter((row) => row.isActiveAdmin).map(({ id }) => id)),
  };
}

/**
 * Locks one account, for changes that cannot take an admin away.
 * @throws NotFound
 */
export async function lockOwnAccount(tx: EntityManager, userId: string): Promise<UserEntity> {
  const user = await tx.getRepository(UserEntity).findOne({
    where: { id: userId, deletedAt: IsNull() },
    lock: { mode: 'for_no_key_update' },
  });
  if (user === null) throw new NotFound();
  return user;
}

/** @throws LastAdmin where nobody could administer after the account ceases to be an active admin. */
export function refuseLastAdmin({ user, activeAdmins }: LockedAccount): void {
  if (activeAdmins.has(user.id) && activeAdmins.size === 1) throw new LastAdmin();
}

/**
 * The guard asked before the lock; whoever was demoted in between is refused here.
 * @throws Forbidden
 */
export function requireActiveAdmin({ activeAdmins }: LockedAccount, actorId: string): void {
  if (!activeAdmins.has(actorId)) throw new Forbidden();
}
