import type { DataSource, EntityManager } from 'typeorm';

/** Whatever can run SQL: the data source, or the transaction that a use case owns. */
export type Queryable = Pick<DataSource | EntityManager, 'query'>;

/** SQL that each connection has the database plan once, under a name. */
export interface PreparedSql {
  readonly name: string;
  readonly text: string;
}

/**
 * For the statements of the busiest paths: planning them costs the database more than running them. Their text is
 * constant, and so is the number of those that a connection keeps.
 */
export function prepared(name: string, text: string): PreparedSql {
  return { name, text };
}

/**
 * Runs SQL and returns its rows; also of `UPDATE` and `DELETE … RETURNING`, for which TypeORM answers
 * `[rows, count]`. The row type is the caller's claim about the columns that its SQL names.
 */
export async function rows<Row>(
  db: Queryable,
  sql: string | PreparedSql,
  parameters: unknown[] = [],
): Promise<Row[]> {
  // TypeORM hands on whatever it is given, and pg takes either; only the types of the one between know of text alone.
  const result: unknown = await db.query(sql as string, parameters);
  if (!Array.isArray(result)) return [];
  const isCommandResult = result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
  return (isCommandResult ? result[0] : result) as Row[];
}

/** The first row, or null. */
export async function firstRow<Row>(
  db: Queryable,
  sql: string | PreparedSql,
  parameters: unknown[] = [],
): Promise<Row | null> {
  return (await rows<Row>(db, sql, parameters))[0] ?? null;
}
