import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The key log and what people have registered in it. Leaves, nodes and kids are never deleted: an account's row stays
 * when the account goes, and so do the hashes of its statements. The statements themselves go.
 */
export class AccountKeys1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // One row, made by the server, which signs its checkpoint. Its lock puts all appends in one order.
    await runner.query(`
      CREATE TABLE key_log_head (
        id smallint CONSTRAINT key_log_head_pkey PRIMARY KEY
          CONSTRAINT key_log_head_one_row_check CHECK (id = 1),
        size bigint NOT NULL CONSTRAINT key_log_head_size_check CHECK (size >= 0),
        root bytea NOT NULL CONSTRAINT key_log_head_root_check CHECK (octet_length(root) = 32),
        checkpoint text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE key_log_leaves (
        index bigint CONSTRAINT key_log_leaves_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT key_log_leaves_user_id_fkey REFERENCES users (id),
        version integer NOT NULL,
        statement_hash bytea NOT NULL
          CONSTRAINT key_log_leaves_statement_hash_check CHECK (octet_length(statement_hash) = 32),
        created_at timestamptz NOT NULL,
        CONSTRAINT key_log_leaves_user_id_version_key UNIQUE (user_id, version)
      )`);
    // Every complete subtree, 2^level leaves from index · 2^level on: a proof reads a few of them, never the leaves.
    await runner.query(`
      CREATE TABLE key_log_nodes (
        level smallint NOT NULL,
        index bigint NOT NULL,
        hash bytea NOT NULL CONSTRAINT key_log_nodes_hash_check CHECK (octet_length(hash) = 32),
        CONSTRAINT key_log_nodes_pkey PRIMARY KEY (level, index)
      )`);
    await runner.query(`
      CREATE TABLE key_statements (
        user_id uuid NOT NULL CONSTRAINT key_statements_user_id_fkey REFERENCES users (id),
        version integer NOT NULL CONSTRAINT key_statements_version_check CHECK (version >= 1),
        statement jsonb NOT NULL,
        payload_hash bytea NOT NULL,
        kid_encryption text NOT NULL,
        kid_signing text NOT NULL,
        reset boolean NOT NULL,
        log_index bigint NOT NULL
          CONSTRAINT key_statements_log_index_key UNIQUE
          CONSTRAINT key_statements_log_index_fkey REFERENCES key_log_leaves (index),
        created_at timestamptz NOT NULL,
        CONSTRAINT key_statements_pkey PRIMARY KEY (user_id, version)
      )`);
    // In one table for both uses: a key that was registered once, by anyone, as whatever, is never registered again.
    await runner.query(`
      CREATE TABLE account_kids (
        kid text CONSTRAINT account_kids_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT account_kids_user_id_fkey REFERENCES users (id),
        version integer NOT NULL,
        use text NOT NULL CONSTRAINT account_kids_use_check CHECK (use IN ('enc', 'sig')),
        CONSTRAINT account_kids_user_id_version_use_key UNIQUE (user_id, version, use)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE account_kids, key_statements, key_log_nodes, key_log_leaves, key_log_head',
    );
  }
}
