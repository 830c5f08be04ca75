import type { DataSource, EntityManager } from 'typeorm';

/** Whatever can run SQL: the data source, or the transaction that a use case owns. */
export type Queryable = Pick<DataSource | EntityManager, 'query'>;

/**
 * Runs SQL and returns its rows; also of `UPDATE` and `DELETE … RETURNING`, for which TypeORM answers
 * `[rows, count]`. The row type is the caller's claim about the columns that its SQL names.
 */
export async function rows<Row>(db: Queryable, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  const result: unknown = await db.query(sql, parameters);
  if (!Array.isArray(result)) return [];
  const isCommandResult = result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
  return (isCommandResult ? result[0] : result) as Row[];
}

/** The first row, or null. */
export async function firstRow<Row>(
  db: Queryable,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row | null> {
  return (await rows<Row>(db, sql, parameters))[0] ?? null;
}
