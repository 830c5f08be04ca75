import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom somebody does not want to hear from. */
export class Blocks1700000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE blocks (
        blocker_id uuid NOT NULL,
        blocked_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT blocks_pkey PRIMARY KEY (blocker_id, blocked_id)
      )`);
    await runner.query('CREATE INDEX blocks_blocked_id_idx ON blocks (blocked_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE blocks');
  }
}
