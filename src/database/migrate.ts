import type { DataSource } from 'typeorm';

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
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}
