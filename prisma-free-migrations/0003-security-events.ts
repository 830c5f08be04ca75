import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The security log. No foreign key: it outlives the account, without naming it. */
export class SecurityEvents1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE security_events (
        id uuid CONSTRAINT security_events_pkey PRIMARY KEY,
        user_id uuid,
        session_id uuid,
        type text NOT NULL,
        ip text,
        user_agent text,
        details jsonb NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX security_events_user_id_id_idx ON security_events (user_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE security_events');
  }
}
