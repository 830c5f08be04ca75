import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The security log grows and never changes, whatever statement the application's role is made to run: of a deleted
 * account's lines the address and the browser are taken out, and nothing else.
 */
export class AppendOnlyLog1700000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_change_of_security_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF NEW.ip IS NULL AND NEW.user_agent IS NULL
            AND (NEW.id, NEW.user_id, NEW.session_id, NEW.type, NEW.details, NEW.created_at)
              IS NOT DISTINCT FROM (OLD.id, OLD.user_id, OLD.session_id, OLD.type, OLD.details, OLD.created_at)
          THEN RETURN NEW;
          END IF;
        END IF;
        RAISE EXCEPTION 'security_events is append-only' USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await runner.query(`
      CREATE TRIGGER security_events_append_only BEFORE UPDATE OR DELETE ON security_events
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_security_events()`);
    await runner.query(`
      CREATE TRIGGER security_events_no_truncate BEFORE TRUNCATE ON security_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_security_events()`);
    // Also where triggers are told to rest, as for replication.
    for (const name of ['security_events_append_only', 'security_events_no_truncate'])
      await runner.query(`ALTER TABLE security_events ENABLE ALWAYS TRIGGER ${name}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER security_events_no_truncate ON security_events');
    await runner.query('DROP TRIGGER security_events_append_only ON security_events');
    await runner.query('DROP FUNCTION refuse_change_of_security_events');
  }
}
