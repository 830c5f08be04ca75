import { MigrationExecutor, type DataSource } from 'typeorm';

/** Any constant of ours; replicas that start together take turns behind it. */
const MIGRATION_LOCK = 4_242_001;

/**
 * Brings the schema up to date: one replica migrates, the others wait and find nothing left to do.
 * The lock is the session's, so it falls with the connection should the process die.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    // A replica waits for its turn, and a large table for its index, longer than any request may take.
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    await executor.executePendingMigrations();
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.query('RESET statement_timeout').catch(() => undefined);
    await runner.release();
  }
}
