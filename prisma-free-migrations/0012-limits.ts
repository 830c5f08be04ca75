import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counters that all replicas share, and the addresses from which people have signed in before. */
export class Limits1700000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // These three columns in this order are what rate-limiter-flexible writes; `expire` is in milliseconds.
    await runner.query(`
      CREATE TABLE rate_limits (
        key text CONSTRAINT rate_limits_pkey PRIMARY KEY,
        points integer NOT NULL,
        expire bigint
      ) WITH (fillfactor = 50)`);
    await runner.query('CREATE INDEX rate_limits_expire_idx ON rate_limits (expire)');
    // Only a digest of account and address: the table tells nobody who lives where.
    await runner.query(`
      CREATE TABLE known_addresses (
        digest bytea CONSTRAINT known_addresses_pkey PRIMARY KEY,
        last_success_at timestamptz NOT NULL
      )`);
    await runner.query(
      'CREATE INDEX known_addresses_last_success_at_idx ON known_addresses (last_success_at)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_addresses, rate_limits');
  }
}
