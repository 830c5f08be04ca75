import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The server's key ring. At most one key per purpose is active, and at most one waits. */
export class ServerKeys1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE server_keys (
        kid text CONSTRAINT server_keys_pkey PRIMARY KEY,
        purpose text NOT NULL CONSTRAINT server_keys_purpose_check
          CHECK (purpose IN ('access-token', 'key-log', 'sealed-encryption', 'sealed-signature')),
        state text NOT NULL CONSTRAINT server_keys_state_check
          CHECK (state IN ('next', 'active', 'retired', 'revoked')),
        public_jwk jsonb NOT NULL,
        private_key bytea NOT NULL,
        created_at timestamptz NOT NULL,
        activated_at timestamptz,
        retired_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX server_keys_one_active ON server_keys (purpose) WHERE state = 'active'`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX server_keys_one_next ON server_keys (purpose) WHERE state = 'next'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE server_keys');
  }
}
