import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PreparedSql } from './rows.js';

/** SQL and what it is about. */
export interface Statement {
  readonly sql: PreparedSql;
  readonly parameters: unknown[];
}

/** What follows from what was found. */
export interface Outcome<T> {
  /** The rest of the transaction; whatever it may not do, it must fail at. */
  readonly statements: readonly Statement[];
  readonly result: T;
}

/** Of one statement. */
export type Rows = readonly Record<string, unknown>[];

/**
 * A transaction in two writes to the database, however many statements it has: first what it locks and reads, then
 * what follows from that with the commit behind it. Each statement begins when the one before has ended, and sees what
 * was committed by then, as if each had waited for its answer. They are on their way even where the transaction could not
 * begin, so one of the first that writes must itself ask for it.
 * @param decide is given the rows of each of the first statements. Throwing undoes them.
 */
export async function inTwoSteps<T>(
  dataSource: DataSource,
  first: readonly Statement[],
  decide: (found: Rows[]) => Outcome<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.PoolClient;
    try {
      const [, ...found] = await together(client, ['START TRANSACTION', ...first]);
      const { statements, result } = decide(found.map(({ rows }) => rows));
      await together(client, [...statements, 'COMMIT']);
      return result;
    } catch (error) {
      // A failed statement has turned the commit into a rollback; whoever lost the connection has none to undo.
      if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK').catch(() => undefined);
      if (client.getTransactionStatus() !== 'I') client.connection.stream.destroy();
      throw error;
    }
  } finally {
    await runner.release();
  }
}

/** Sends all before any is answered. @throws the first failure, which those behind it in the transaction share */
function together(
  client: pg.PoolClient,
  statements: readonly (Statement | string)[],
): Promise<pg.QueryResult[]> {
  return new Promise((resolve, reject) => {
    const answers: pg.QueryResult[] = [];
    let failure: Error | null = null;
    let left = statements.length;
    const answered = (at: number) => (error: Error | null, answer: pg.QueryResult) => {
      failure ??= error;
      answers[at] = answer;
      if (--left > 0) return;
      if (failure === null) resolve(answers);
      else reject(failure);
    };
    const { stream } = client.connection;
    stream.cork();
    for (const [at, statement] of statements.entries())
      if (typeof statement === 'string') client.query(statement, answered(at));
      else client.query({ ...statement.sql, values: statement.parameters }, answered(at));
    // By then this side has told of what it refuses to send, such as a value. The others must not go without it.
    process.nextTick(() => {
      if (failure === null) stream.uncork();
      else stream.destroy();
    });
  });
}
