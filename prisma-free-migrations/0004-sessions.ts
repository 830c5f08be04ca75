import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions, pending and settled; refresh tokens are kept as SHA-256 only. */
export class Sessions1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sessions (
        id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        settled boolean NOT NULL,
        method text NOT NULL,
        amr text[] NOT NULL,
        auth_time timestamptz NOT NULL,
        ip text NOT NULL,
        user_agent text NOT NULL,
        created_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        idle_expires_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        revoked_reason text,
        refresh_generation integer NOT NULL,
        refresh_hash bytea,
        refresh_previous_hash bytea,
        refresh_rotated_at timestamptz
      )`);
    await runner.query('CREATE INDEX sessions_user_id_idx ON sessions (user_id) WHERE revoked_at IS NULL');
    await runner.query(
      'CREATE INDEX sessions_revoked_at_idx ON sessions (revoked_at) WHERE revoked_at IS NOT NULL',
    );
    await runner.query('CREATE INDEX sessions_expires_at_idx ON sessions (idle_expires_at)');
    // The jti of a 42 sign-in: the primary key makes a callback that is played twice lose.
    await runner.query(`
      CREATE TABLE used_sign_in_states (
        jti text CONSTRAINT used_sign_in_states_pkey PRIMARY KEY,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX used_sign_in_states_expires_at_idx ON used_sign_in_states (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE used_sign_in_states, sessions');
  }
}
