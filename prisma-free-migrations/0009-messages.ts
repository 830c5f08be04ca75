import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Enough to keep each one's indexes in memory at 10⁸ rows; more would cost every plan. */
const PARTITIONS = 16;

/**
 * Messages, and the ids that clients gave them. Neither has a foreign key: a message is only ever written under its
 * chat's row lock, and each check would be one more lookup per message.
 */
export class Messages1700000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE messages (
        chat_id uuid NOT NULL,
        seq bigint NOT NULL,
        id uuid NOT NULL,
        sender_id uuid NOT NULL,
        sent_at timestamptz NOT NULL,
        deleted_at timestamptz,
        sealed text,
        recipients jsonb NOT NULL,
        recipient_count integer NOT NULL,
        CONSTRAINT messages_pkey PRIMARY KEY (chat_id, seq),
        CONSTRAINT messages_sealed_check CHECK ((deleted_at IS NULL) = (sealed IS NOT NULL))
      ) PARTITION BY HASH (chat_id)`);
    // Ciphertext does not compress. In its row up to 8 kB, a page of history is read without a detour; the recipients
    // of a large group go to TOAST, uncompressed, so that one entry is found fast.
    await runner.query('ALTER TABLE messages ALTER COLUMN sealed SET STORAGE EXTERNAL');
    await runner.query('ALTER TABLE messages ALTER COLUMN recipients SET STORAGE EXTERNAL');
    // A primary key of a partitioned table holds its partition key; an id must be unique over all chats.
    await runner.query(`
      CREATE TABLE message_ids (
        id uuid NOT NULL CONSTRAINT message_ids_pkey PRIMARY KEY,
        chat_id uuid NOT NULL,
        seq bigint NOT NULL,
        sender_id uuid NOT NULL,
        digest bytea NOT NULL CONSTRAINT message_ids_digest_check CHECK (octet_length(digest) = 32)
      ) PARTITION BY HASH (id)`);
    await runner.query(
      'CREATE INDEX message_ids_sender_id_chat_id_seq_idx ON message_ids (sender_id, chat_id, seq)',
    );
    for (let i = 0; i < PARTITIONS; i++) {
      const values = `FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${i})`;
      await runner.query(
        `CREATE TABLE messages_${i} PARTITION OF messages ${values} WITH (toast_tuple_target = 8160)`,
      );
      await runner.query(`CREATE TABLE message_ids_${i} PARTITION OF message_ids ${values}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE message_ids, messages');
  }
}
