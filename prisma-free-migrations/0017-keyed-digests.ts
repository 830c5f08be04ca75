import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Digests of what can be guessed get a key, which the database does not have. Known addresses begin anew: for 30 days
 * at most their owners count as new. Retired usernames are keyed by the server as it starts.
 */
export class KeyedDigests1700000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM known_addresses');
    await runner.query('ALTER TABLE known_addresses ADD COLUMN account bytea');
    await runner.query('CREATE INDEX known_addresses_account_idx ON known_addresses (account)');
    await runner.query('ALTER TABLE retired_usernames ADD COLUMN keyed boolean NOT NULL DEFAULT false');
  }

  /** Keyed names cannot be turned back: they stay, and an earlier version finds none of them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE retired_usernames DROP COLUMN keyed');
    await runner.query('DELETE FROM known_addresses');
    await runner.query('ALTER TABLE known_addresses DROP COLUMN account');
  }
}
