import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The `jti`s of sealed requests, so that each is let in once over all replicas. */
export class SealedRequests1700000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sealed_request_ids (
        jti text CONSTRAINT sealed_request_ids_pkey PRIMARY KEY,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX sealed_request_ids_expires_at_idx ON sealed_request_ids (expires_at)');
    // Every refused request runs into this row: the same statement as a replay, and nothing is written.
    await runner.query(
      `INSERT INTO sealed_request_ids (jti, expires_at) VALUES ('taken', '9999-12-31T00:00:00Z')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sealed_request_ids');
  }
}
