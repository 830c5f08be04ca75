import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The backups of private keys, encrypted by the client. Text, not jsonb: what is opaque is given back as it came. */
export class Backups1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE backups (
        user_id uuid CONSTRAINT backups_pkey PRIMARY KEY
          CONSTRAINT backups_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        version integer NOT NULL CONSTRAINT backups_version_check CHECK (version >= 1),
        backup text NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backups');
  }
}
