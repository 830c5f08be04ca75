import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { migrations } from '../../prisma-free-migrations/index.js';
import { createDataSource } from '../../src/database/data-source.js';
import { entities } from '../../src/entities.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await cloneDatabase();
  dataSource = await createDataSource(database.url, 4, { entities, migrations }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

interface Column {
  name: string;
  type: string;
  nullable: boolean;
}

/** As PostgreSQL has them. */
async function columnsOf(table: string): Promise<Column[]> {
  return database.query<Column & Record<string, unknown>>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname`,
    [table],
  );
}

describe('entities and migrations', () => {
  it('say the same of every table: columns, types and what may be null', async () => {
    expect(dataSource.entityMetadatas.length).toBeGreaterThan(8);
    for (const entity of dataSource.entityMetadatas) {
      const declared = entity.columns
        .map((column) => ({
          name: column.databaseName,
          type: `${spelled(dataSource.driver.normalizeType(column))}${column.isArray ? '[]' : ''}`,
          nullable: column.isNullable,
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const migrated = await columnsOf(entity.tableName);
      expect({ table: entity.tableName, columns: declared }).toEqual({
        table: entity.tableName,
        columns: migrated.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      });
    }
  });

  it('know every table but the list of migrations and the partitions', async () => {
    const tables = await database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
    );
    const known = dataSource.entityMetadatas.map(({ tableName }) => tableName);
    expect(
      tables
        .map(({ name }) => name)
        .filter((name) => name !== 'schema_migrations')
        .toSorted(),
    ).toEqual(known.toSorted());
  });

  it('go down and up again without a trace', { timeout: 60_000 }, async () => {
    const before = await database.query(
      'SELECT relname, relkind FROM pg_class WHERE relnamespace = 2200 ORDER BY 1',
    );
    for (const _ of migrations) await dataSource.undoLastMigration({ transaction: 'each' });
    const left = await database.query<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
    );
    expect(left.map(({ relname }) => relname)).toEqual(['schema_migrations']);
    await dataSource.runMigrations({ transaction: 'each' });
    const after = await database.query(
      'SELECT relname, relkind FROM pg_class WHERE relnamespace = 2200 ORDER BY 1',
    );
    expect(after).toEqual(before);
  });
});

/** The driver's names in PostgreSQL's spelling. */
function spelled(type: string): string {
  return type === 'timestamp with time zone' || type === 'timestamptz' ? 'timestamp with time zone' : type;
}
