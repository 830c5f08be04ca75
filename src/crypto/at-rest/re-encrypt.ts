import { firstRow, rows, type Queryable } from '../../database/rows.js';
import type { SealedColumn } from './sealed-column.js';
import type { SecretBox } from './secret-box.js';

/** What became of a column's values. */
export interface ReEncrypted {
  /** Under the current master key now. */
  readonly renewed: number;
  /** Damaged, or under a master key that is neither the current nor the previous one. */
  readonly unreadable: number;
  /** Still not under the current one: the unreadable, and what was written meanwhile by whoever has another key. */
  readonly left: number;
}

const BATCH = 500;

/**
 * Seals a column's values under the current master key, in batches along the primary key. Each value is replaced only
 * where nobody has changed it meanwhile, so replicas may go on. What was done stays done: a second run finds the rest.
 */
export async function reEncrypt(db: Queryable, box: SecretBox, column: SealedColumn): Promise<ReEncrypted> {
  let renewed = 0;
  let unreadable = 0;
  let after: string | null = null;
  for (;;) {
    const batch: Sealed[] = await readStale(db, box, column, after);
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.id;
    const sealedAnew = batch.flatMap((row) => renew(box, column, row) ?? []);
    unreadable += batch.length - sealedAnew.length;
    renewed += await replace(db, column, sealedAnew);
  }
  return { renewed, unreadable, left: await countStale(db, box, column) };
}

/** True where something is sealed under a master key that this box does not have. */
export async function hasUnknownKey(db: Queryable, box: SecretBox, column: SealedColumn): Promise<boolean> {
  const sql = `SELECT 1 FROM ${column.table}
    WHERE ${isSealed(column)} AND substring(${column.column} FROM 2 FOR 4) <> ALL ($1::bytea[]) LIMIT 1`;
  return (await firstRow(db, sql, [box.keyIds])) !== null;
}

interface Sealed {
  id: string;
  sealed: Buffer;
}

interface Renewed extends Sealed {
  renewed: Buffer;
}

function isSealed({ column }: SealedColumn): string {
  return `${column} IS NOT NULL AND octet_length(${column}) > 0`;
}

/** The key id is the second to the fifth byte: see {@link SecretBox}. */
function isStale(column: SealedColumn): string {
  return `${isSealed(column)} AND substring(${column.column} FROM 2 FOR 4) <> $1`;
}

function readStale(
  db: Queryable,
  { currentKeyId }: SecretBox,
  column: SealedColumn,
  after: string | null,
): Promise<Sealed[]> {
  const { table, id } = column;
  const isBehind = after === null ? '' : `AND ${id} > $2`;
  return rows<Sealed>(
    db,
    `SELECT ${id}::text AS id, ${column.column} AS sealed FROM ${table}
     WHERE ${isStale(column)} ${isBehind} ORDER BY ${table}.${id} LIMIT ${BATCH}`,
    after === null ? [currentKeyId] : [currentKeyId, after],
  );
}

function renew(box: SecretBox, column: SealedColumn, row: Sealed): Renewed | null {
  const context = column.context(row.id);
  try {
    return { ...row, renewed: box.seal(box.open(row.sealed, context), context) };
  } catch {
    return null;
  }
}

async function replace(
  db: Queryable,
  { table, id, idType, column }: SealedColumn,
  batch: Renewed[],
): Promise<number> {
  const replaced = await rows(
    db,
    `UPDATE ${table} SET ${column} = renewed.value
     FROM unnest($1::${idType}[], $2::bytea[], $3::bytea[]) AS renewed (id, was, value)
     WHERE ${table}.${id} = renewed.id AND ${table}.${column} = renewed.was RETURNING 1`,
    [batch.map((row) => row.id), batch.map((row) => row.sealed), batch.map((row) => row.renewed)],
  );
  return replaced.length;
}

async function countStale(db: Queryable, { currentKeyId }: SecretBox, column: SealedColumn): Promise<number> {
  const sql = `SELECT count(*)::int AS count FROM ${column.table} WHERE ${isStale(column)}`;
  return (await firstRow<{ count: number }>(db, sql, [currentKeyId]))?.count ?? 0;
}
