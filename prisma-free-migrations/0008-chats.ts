import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Chats and who is in them. Both change with every message, in columns that no index holds: room for HOT updates. */
export class Chats1700000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chats (
        id uuid CONSTRAINT chats_pkey PRIMARY KEY,
        kind text NOT NULL CONSTRAINT chats_kind_check CHECK (kind IN ('direct', 'group')),
        title text,
        owner_id uuid CONSTRAINT chats_owner_id_fkey REFERENCES users (id),
        last_seq bigint NOT NULL CONSTRAINT chats_last_seq_check CHECK (last_seq >= 0),
        created_at timestamptz NOT NULL,
        closed_at timestamptz,
        CONSTRAINT chats_direct_check CHECK (kind = 'group' OR (owner_id IS NULL AND title IS NULL))
      ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX chats_closed_at_idx ON chats (closed_at) WHERE closed_at IS NOT NULL');
    // A table of its own: its key is the pair, not the chat, by which everything else is found (and sharded).
    await runner.query(`
      CREATE TABLE direct_chats (
        low_id uuid NOT NULL,
        high_id uuid NOT NULL,
        chat_id uuid NOT NULL CONSTRAINT direct_chats_chat_id_key UNIQUE
          CONSTRAINT direct_chats_chat_id_fkey REFERENCES chats (id),
        CONSTRAINT direct_chats_pkey PRIMARY KEY (low_id, high_id),
        CONSTRAINT direct_chats_order_check CHECK (low_id < high_id)
      )`);
    await runner.query(`
      CREATE TABLE chat_members (
        chat_id uuid NOT NULL CONSTRAINT chat_members_chat_id_fkey REFERENCES chats (id),
        user_id uuid NOT NULL CONSTRAINT chat_members_user_id_fkey REFERENCES users (id),
        joined_at timestamptz NOT NULL,
        joined_seq bigint NOT NULL,
        last_read_seq bigint NOT NULL,
        exempt_count bigint NOT NULL,
        CONSTRAINT chat_members_pkey PRIMARY KEY (chat_id, user_id),
        CONSTRAINT chat_members_read_check CHECK (last_read_seq >= joined_seq),
        CONSTRAINT chat_members_exempt_check CHECK (exempt_count >= 0)
      ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX chat_members_user_id_chat_id_idx ON chat_members (user_id, chat_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat_members, direct_chats, chats');
  }
}
