import type { MigrationInterface, QueryRunner } from 'typeorm';

/** TOTP secrets (sealed), the last accepted time step, the lock, and hashed recovery codes. */
export class TwoFactor1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE two_factor (
        user_id uuid CONSTRAINT two_factor_pkey PRIMARY KEY
          CONSTRAINT two_factor_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        secret bytea,
        pending_secret bytea,
        enabled_at timestamptz,
        last_time_step bigint NOT NULL,
        failures integer NOT NULL,
        locked_until timestamptz,
        CONSTRAINT two_factor_enabled_check CHECK ((enabled_at IS NULL) = (secret IS NULL))
      )`);
    await runner.query(`
      CREATE TABLE recovery_codes (
        user_id uuid NOT NULL CONSTRAINT recovery_codes_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        hash bytea NOT NULL,
        used_at timestamptz,
        CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recovery_codes, two_factor');
  }
}
