import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrations } from '../../prisma-free-migrations/index.js';
import { runKeys } from '../../src/commands/keys.js';
import { createDataSource } from '../../src/database/data-source.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { migrate } from '../../src/database/migrate.js';
import { entities } from '../../src/entities.js';
import { SECRETS } from './secrets.js';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
  }
}

/** Two RSA pairs take a second, which each test file would wait for otherwise. */
async function makeServerKeys(url: string): Promise<void> {
  const failures: string[] = [];
  const environment = { NODE_ENV: 'test', DATABASE_URL: url, ...SECRETS };
  const status = await runKeys(
    ['list'],
    environment,
    () => undefined,
    (line) => failures.push(line),
  );
  if (status !== 0) throw new Error(failures.join('\n'));
}

/**
 * One real PostgreSQL per run, migrated and given its server keys once; each test file clones it. `E2E_POSTGRES` chooses the binaries:
 * `package` are those that the quick start brings along, `system` those of the machine.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sealgate-e2e-'));
  await chmod(dataDir, 0o755);
  const binaries = process.env['E2E_POSTGRES'] === 'package' ? 'package' : 'auto';
  const postgres = await startEmbeddedPostgres({
    dataDir,
    password: 'e2e-password',
    binaries,
    // Throw-away data: only here.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const template = createDataSource(postgres.url, 4, { entities, migrations });
  await template.initialize();
  await migrate(template);
  await template.destroy();
  await makeServerKeys(postgres.url);
  project.provide('databaseUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
