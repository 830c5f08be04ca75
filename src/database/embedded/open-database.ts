import pg from 'pg';
import { SUPERUSER } from './create-cluster.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres.errors.js';

export const DATABASE = 'sealgate';
const CONNECT_MS = 5_000;

export interface DatabaseTarget {
  directory: string;
  port: number;
  password: string;
}

/** Proves that the password opens this very cluster, makes the database if a first start did not get so far, and returns the server's version. */
export async function openDatabase(target: DatabaseTarget): Promise<string> {
  try {
    return await withClient(target, DATABASE, readVersion(target));
  } catch (error) {
    if (errorCode(error) === '28P01') throw wrongPassword(target, error);
    if (errorCode(error) !== '3D000') throw error;
  }
  await withClient(target, 'postgres', async (client) => {
    await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  return withClient(target, DATABASE, readVersion(target));
}

const readVersion =
  ({ directory }: DatabaseTarget) =>
  async (client: pg.Client): Promise<string> => {
    const sql = `SELECT current_setting('server_version') AS version, current_setting('data_directory') AS directory`;
    const { rows } = await client.query<{ version: string; directory: string }>(sql);
    if (process.platform !== 'win32' && rows[0]?.directory !== directory)
      throw new EmbeddedPostgresError(
        'start_failed',
        `The server found for ${directory} serves another one: ${rows[0]?.directory}.`,
      );
    return rows[0]?.version.split(' ')[0] ?? '';
  };

async function withClient<T>(
  { port, password }: DatabaseTarget,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  // `ssl` is named because PGSSLMODE may hold something else for other databases.
  const address = { host: '127.0.0.1', port, user: SUPERUSER, password, database, ssl: false };
  const client = new pg.Client({ ...address, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function wrongPassword({ directory }: DatabaseTarget, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'wrong_password',
    `The embedded database in ${directory} does not accept the generated password: the secrets it was made with were ` +
      'lost or replaced. Restore them from a backup, or move that directory away to begin with an empty database.',
    { cause },
  );
}
