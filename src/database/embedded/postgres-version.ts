export interface PostgresVersion {
  major: number;
  minor: number;
  isPrerelease: boolean;
}

export interface Binaries {
  /** The directory that holds `postgres` and `initdb`. */
  directory: string;
  version: PostgresVersion;
}

/** The oldest that the tests run on. */
export const OLDEST_MAJOR = 15;

/** Reads what `postgres --version` prints, e.g. `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`. */
export function parsePostgresVersion(text: string): PostgresVersion | undefined {
  const match = /\(PostgreSQL\) (\d+)(?:\.(\d+))?(devel|alpha|beta|rc)?/.exec(text);
  if (!match) return undefined;
  return { major: Number(match[1]), minor: Number(match[2] ?? 0), isPrerelease: match[3] !== undefined };
}

/**
 * A data directory is readable by the major version that made it and by no other. A new one gets the newest
 * release; never a beta, whose format the release may refuse.
 */
export function chooseBinaries(found: readonly Binaries[], clusterMajor?: number): Binaries | undefined {
  const isFit = ({ version }: Binaries): boolean =>
    clusterMajor === undefined
      ? version.major >= OLDEST_MAJOR && !version.isPrerelease
      : version.major === clusterMajor;
  return found
    .filter(isFit)
    .toSorted((a, b) => b.version.major - a.version.major || b.version.minor - a.version.minor)[0];
}
