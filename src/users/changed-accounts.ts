import type { EntityManager, QueryRunner } from 'typeorm';

/** Where a transaction keeps whose row it changes. */
const CHANGED = 'changedAccounts';

/** For whoever writes an account's row: what this process remembers of it is forgotten with the commit. */
export function changesAccount(tx: EntityManager, userId: string): void {
  const data = tx.queryRunner?.data;
  if (data === undefined) throw new TypeError('an account is changed in a transaction');
  const changed = (data[CHANGED] ??= new Set<string>()) as Set<string>;
  changed.add(userId);
}

/** The accounts that a transaction said it changes. */
export function changedAccounts({ data }: QueryRunner): ReadonlySet<string> {
  return (data[CHANGED] as Set<string> | undefined) ?? new Set();
}
