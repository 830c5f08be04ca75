import { runKeys } from '../../src/commands/keys.js';
import { SECRETS } from './secrets.js';
import type { TestDatabase } from './database.js';

/** What a command printed, and its exit status. */
export interface Ran {
  status: number;
  output: string;
}

/** `npm run keys -- …` in this process, on a test's database. */
export async function keys(
  database: TestDatabase,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ran> {
  let output = '';
  const write = (line: string): void => void (output += `${line}\n`);
  const settings = { NODE_ENV: 'test', DATABASE_URL: database.url, ...SECRETS, ...environment };
  return { status: await runKeys(args, settings, write, write), output };
}

/** Makes the waiting keys old enough to take over: nobody has a key set without them any more. */
export async function publishedLongAgo(database: TestDatabase): Promise<void> {
  await database.query(
    `UPDATE server_keys SET created_at = created_at - interval '1 hour' WHERE state = 'next'`,
  );
}

export interface KeyRow {
  kid: string;
  purpose: string;
  state: string;
}

export function keyRows(database: TestDatabase, purpose: string): Promise<KeyRow[]> {
  return database.query<KeyRow & Record<string, unknown>>(
    'SELECT kid, purpose, state FROM server_keys WHERE purpose = $1 ORDER BY state',
    [purpose],
  );
}
