import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import { findPackageBinaries } from './package-binaries.js';
import { chooseBinaries, OLDEST_MAJOR, type Binaries } from './postgres-version.js';
import type { ServerUser } from './server-user.js';
import { findSystemBinaries } from './system-binaries.js';

export interface BinariesQuery {
  from: 'system' | 'package' | 'auto';
  /** The version of the cluster there is; undefined: any will do for a new one. */
  clusterMajor: number | undefined;
  user: ServerUser | undefined;
  copiesTo: string;
}

/** The machine's own binaries first: they get their security updates from whoever maintains the machine. */
export async function findBinaries({ from, clusterMajor, user, copiesTo }: BinariesQuery): Promise<Binaries> {
  const found: Binaries[] = [];
  if (from !== 'package') found.push(...(await findSystemBinaries(user)));
  const ofSystem = chooseBinaries(found, clusterMajor);
  if (ofSystem) return ofSystem;
  if (from !== 'system') found.push(...(await findPackageBinaries(user, copiesTo)));
  const chosen = chooseBinaries(found, clusterMajor);
  if (chosen) return chosen;
  throw clusterMajor === undefined ? noBinaries(from, found) : versionMismatch(clusterMajor, found);
}

const describe = (found: readonly Binaries[]): string =>
  found.map(({ directory, version }) => `${version.major}.${version.minor} in ${directory}`).join(', ') ||
  'none';

function noBinaries(from: string, found: readonly Binaries[]): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'no_binaries',
    `No usable PostgreSQL ${OLDEST_MAJOR} or newer was found (searched: ${from}; found: ${describe(found)}). ` +
      'Install PostgreSQL, or run npm install without --omit=optional, or set DATABASE_URL.',
  );
}

function versionMismatch(clusterMajor: number, found: readonly Binaries[]): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'version_mismatch',
    `The embedded database was made by PostgreSQL ${clusterMajor}, which is not here (found: ${describe(found)}). ` +
      `Install PostgreSQL ${clusterMajor}; to move to another version, dump with it and restore, or use pg_upgrade.`,
  );
}
