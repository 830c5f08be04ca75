import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres.js';
import { query } from './scratch.js';

export const password = 'p@ss w/ö:rd';

export interface Template {
  dataDir: string;
  remove(): Promise<void>;
}

/** A stopped database with a table `written`, for the tests that do not look at the first start. */
export async function makeTemplate(): Promise<Template> {
  const parent = await mkdtemp(join(tmpdir(), 'sealgate-template-'));
  await chmod(parent, 0o755);
  const dataDir = join(parent, 'data');
  const { url, stop } = await startEmbeddedPostgres({ dataDir, password });
  await query(url, 'CREATE TABLE written (id text PRIMARY KEY, body text NOT NULL)');
  await stop();
  return { dataDir, remove: async () => rm(parent, { recursive: true, force: true }) };
}
