import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Replicas remember accounts between requests. A trigger, so that no way to change one can forget to tell them: not a
 * use case of a later version, and not an operator with `psql`.
 */
export class AccountNotices1700000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION announce_account() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('sealgate', json_build_object('type', 'account-changed', 'id', OLD.id)::text);
        RETURN NULL;
      END $$`);
    // A NOTIFY makes commits take turns: only where something is different.
    await runner.query(`
      CREATE TRIGGER announce_account_update AFTER UPDATE ON users
        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION announce_account()`);
    await runner.query(`
      CREATE TRIGGER announce_account_delete AFTER DELETE ON users
        FOR EACH ROW EXECUTE FUNCTION announce_account()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER announce_account_delete ON users');
    await runner.query('DROP TRIGGER announce_account_update ON users');
    await runner.query('DROP FUNCTION announce_account');
  }
}
