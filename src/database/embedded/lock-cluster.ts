import { acquireInstanceLock, LockHeldError, type InstanceLock } from '@sealgate/instance-lock';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import type { ServerUser } from './server-user.js';

/**
 * Lets one process manage a cluster.
 *
 * @param directory of the lock
 * @param user whom the cluster belongs to, where this process is root
 * @throws EmbeddedPostgresError `already_in_use`
 */
export async function lockCluster(directory: string, user?: ServerUser): Promise<InstanceLock> {
  try {
    return await acquireInstanceLock(directory, user);
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new EmbeddedPostgresError(
      'already_in_use',
      `The embedded database is already in use by process ${error.pid} (lock: ${error.path}). ` +
        'Stop that Sealgate first, give this one another DATA_DIR, or share a PostgreSQL through DATABASE_URL.',
      { cause: error },
    );
  }
}
