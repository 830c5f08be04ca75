import type { MigrationInterface, QueryRunner } from 'typeorm';

const PARTITIONS = 16;

/**
 * What happened, in one gapless order per user: what event streams resume from and what `receive` walks along.
 * @see docs/decisions/events.md
 */
export class UserEvents1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Its row lock makes the order of the positions the order of the commits. One hot column: room for HOT updates.
    await runner.query(`
      CREATE TABLE user_event_heads (
        user_id uuid CONSTRAINT user_event_heads_pkey PRIMARY KEY,
        position bigint NOT NULL
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE user_events (
        user_id uuid NOT NULL,
        position bigint NOT NULL,
        kind text NOT NULL CONSTRAINT user_events_kind_check
          CHECK (kind IN ('message', 'tombstone', 'read', 'chat', 'keys')),
        chat_id uuid,
        number bigint,
        actor_id uuid,
        first_position bigint,
        created_at timestamptz NOT NULL,
        CONSTRAINT user_events_pkey PRIMARY KEY (user_id, position)
      ) PARTITION BY HASH (user_id)`);
    // Rows come in the order of time: a few kilobytes find the old ones.
    await runner.query('CREATE INDEX user_events_created_at_idx ON user_events USING brin (created_at)');
    for (let i = 0; i < PARTITIONS; i++)
      await runner.query(`
        CREATE TABLE user_events_${i} PARTITION OF user_events
          FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${i})`);
    await this.announceKeys(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER announce_keys ON key_statements');
    await runner.query('DROP FUNCTION announce_keys');
    await runner.query('DROP TABLE user_events, user_event_heads');
  }

  /**
   * A new key becomes an event of everyone who shares a chat with its owner, in the transaction that registers it. In
   * the database, since the keys' code must not know of chats. Taking the heads does a second thing: a message is
   * checked against the current keys while it holds the heads of all members, so it comes before the new key, or
   * sees it.
   */
  private async announceKeys(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION announce_keys() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- Whoever is adding the owner to a chat holds this row: that chat's members are then seen below.
        PERFORM 1 FROM users WHERE id = NEW.user_id FOR SHARE;
        WITH readers AS (
          SELECT NEW.user_id
          UNION
          SELECT other.user_id
          FROM chat_members own JOIN chat_members other ON other.chat_id = own.chat_id
          WHERE own.user_id = NEW.user_id
        ), heads AS (
          INSERT INTO user_event_heads (user_id, position)
          SELECT user_id, 1 FROM readers ORDER BY user_id
          ON CONFLICT (user_id) DO UPDATE SET position = user_event_heads.position + 1
          RETURNING user_id, position
        )
        INSERT INTO user_events (user_id, position, kind, number, actor_id, created_at)
        SELECT user_id, position, 'keys', NEW.version, NEW.user_id, NEW.created_at FROM heads;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER announce_keys AFTER INSERT ON key_statements
        FOR EACH ROW EXECUTE FUNCTION announce_keys()`);
  }
}
