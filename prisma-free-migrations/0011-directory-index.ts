import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The directory's index by display name, with the id that breaks ties and without a predicate: PostgreSQL 15 takes no
 * statistics of an expression from a partial index, takes every prefix for rare and then sorts a quarter of all users.
 */
export class DirectoryIndex1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_display_name_prefix_idx');
    await runner.query(
      'CREATE INDEX users_display_name_prefix_idx ON users (lower(display_name) text_pattern_ops, id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_display_name_prefix_idx');
    await runner.query(`
      CREATE INDEX users_display_name_prefix_idx ON users (lower(display_name) text_pattern_ops)
        WHERE deleted_at IS NULL`);
  }
}
