import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mail on its way out, and the tokens that its links carry, as SHA-256 only. */
export class Mail1700000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_outbox (
        id uuid CONSTRAINT mail_outbox_pkey PRIMARY KEY,
        kind text NOT NULL,
        recipient text NOT NULL,
        payload bytea NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX mail_outbox_next_attempt_at_idx ON mail_outbox (next_attempt_at)');
    await runner.query('CREATE INDEX mail_outbox_recipient_idx ON mail_outbox (recipient)');
    await runner.query(`
      CREATE TABLE mail_tokens (
        hash bytea CONSTRAINT mail_tokens_pkey PRIMARY KEY
          CONSTRAINT mail_tokens_hash_check CHECK (octet_length(hash) = 32),
        user_id uuid NOT NULL CONSTRAINT mail_tokens_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        purpose text NOT NULL
          CONSTRAINT mail_tokens_purpose_check CHECK (purpose IN ('verify_email', 'reset_password')),
        email text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
    await runner.query('CREATE INDEX mail_tokens_user_id_idx ON mail_tokens (user_id)');
    await runner.query('CREATE INDEX mail_tokens_expires_at_idx ON mail_tokens (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_tokens, mail_outbox');
  }
}
