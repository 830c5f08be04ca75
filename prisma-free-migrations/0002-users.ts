import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts and the ways into them. A deleted account's row stays, emptied, so that what others hold can point to it. */
export class Users1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid CONSTRAINT users_pkey PRIMARY KEY,
        username text NOT NULL CONSTRAINT users_username_key UNIQUE,
        email text CONSTRAINT users_email_key UNIQUE,
        email_verified_at timestamptz,
        display_name text NOT NULL,
        avatar_url text,
        role text NOT NULL CONSTRAINT users_role_check CHECK (role IN ('user', 'admin')),
        suspended_at timestamptz,
        second_step_settled_at timestamptz,
        created_at timestamptz NOT NULL,
        deleted_at timestamptz,
        CONSTRAINT users_email_lower_check CHECK (email = lower(email))
      )`);
    // text_pattern_ops: prefix search of the directory, whatever the database's collation.
    await runner.query(
      `CREATE INDEX users_username_prefix_idx ON users (username text_pattern_ops) WHERE deleted_at IS NULL`,
    );
    await runner.query(`
      CREATE INDEX users_display_name_prefix_idx ON users (lower(display_name) text_pattern_ops)
        WHERE deleted_at IS NULL`);
    await runner.query(
      `CREATE INDEX users_admins_idx ON users (id) WHERE role = 'admin' AND deleted_at IS NULL`,
    );
    await runner.query(`
      CREATE TABLE passwords (
        user_id uuid CONSTRAINT passwords_pkey PRIMARY KEY
          CONSTRAINT passwords_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        scheme text NOT NULL,
        hash text NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE identities (
        provider text NOT NULL,
        subject text NOT NULL,
        user_id uuid NOT NULL CONSTRAINT identities_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        login text,
        created_at timestamptz NOT NULL,
        CONSTRAINT identities_pkey PRIMARY KEY (provider, subject),
        CONSTRAINT identities_provider_user_id_key UNIQUE (provider, user_id)
      )`);
    // Only a digest: the name of a deleted account is not given again, and is not kept either.
    await runner.query(`
      CREATE TABLE retired_usernames (
        digest bytea CONSTRAINT retired_usernames_pkey PRIMARY KEY,
        retired_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE retired_usernames, identities, passwords, users');
  }
}
