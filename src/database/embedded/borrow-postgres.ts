import { locateCluster, readClusterMajor } from './cluster-location.js';
import { SUPERUSER } from './create-cluster.js';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { DATABASE, openDatabase } from './open-database.js';
import { findLiveServer } from './postmaster.js';

/**
 * For a command beside the server: the embedded database of the Sealgate that runs, or else started for as long as the
 * command takes. Makes none.
 */
export async function borrowEmbeddedPostgres(options: {
  dataDir: string;
  password: string;
}): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  const cluster = await locateCluster(options.dataDir);
  if ((await readClusterMajor(cluster)) === undefined)
    throw new EmbeddedPostgresError(
      'cluster_missing',
      `There is no database in ${options.dataDir} yet: start Sealgate first, or set DATA_DIR or DATABASE_URL.`,
    );
  try {
    return await startEmbeddedPostgres(options);
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError) || error.code !== 'already_in_use') throw error;
    return visit(cluster.directory, options.password, error);
  }
}

async function visit(
  directory: string,
  password: string,
  cause: EmbeddedPostgresError,
): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  const found = await findLiveServer(directory);
  if (found?.state !== 'ready' || found.port === undefined)
    throw new EmbeddedPostgresError(
      'start_failed',
      'The Sealgate of this DATA_DIR is starting or stopping: try again in a moment.',
      { cause },
    );
  await openDatabase({ directory, port: found.port, password });
  const url = `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${found.port}/${DATABASE}`;
  return { url, stop: async () => undefined };
}
