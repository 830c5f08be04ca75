import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinaries } from './binaries.js';
import { locateCluster, readClusterMajor, recordLocation, type ClusterLocation } from './cluster-location.js';
import { createCluster, SUPERUSER, sweepDrafts } from './create-cluster.js';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import { launchServer, PassingObstacle, READY_MS } from './launch-server.js';
import { lockCluster } from './lock-cluster.js';
import { DATABASE, openDatabase } from './open-database.js';
import {
  clearStalePidFile,
  findLiveServer,
  POLL_MS,
  stopPostmaster,
  type RunningServer,
} from './postmaster.js';

export interface EmbeddedPostgresOptions {
  /** Absolute path of DATA_DIR; the cluster goes to `postgres` in it, where PostgreSQL's user can reach that. */
  dataDir: string;
  /** Of the superuser role `sealgate`. */
  password: string;
  /** `auto`, the default: the machine's own, else those of the npm package. */
  binaries?: 'system' | 'package' | 'auto';
  /** PostgreSQL settings that go over the defaults. */
  settings?: Record<string, string>;
  log?: (message: string, details?: object) => void;
}

export interface EmbeddedPostgres {
  url: string;
  version: string;
  stop(): Promise<void>;
}

const OBSTACLE_MS = 30_000;
const OBSTACLE_POLL_MS = 50;

/**
 * Starts the database of a data directory, or attaches to it where a killed parent left it running. One process at a
 * time manages it; a second one is refused.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await locateCluster(options.dataDir);
  const lock = await lockCluster(`${cluster.directory}.lock`, cluster.user);
  try {
    const { server, version } = await bringUp(cluster, options);
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      try {
        await stopPostmaster(server);
      } finally {
        await lock.release();
      }
    };
    const url = `postgres://${SUPERUSER}:${encodeURIComponent(options.password)}@127.0.0.1:${server.port}/${DATABASE}`;
    return { url, version, stop: async () => (stopped ??= stop()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface OpenServer {
  server: RunningServer;
  version: string;
}

async function bringUp(cluster: ClusterLocation, options: EmbeddedPostgresOptions): Promise<OpenServer> {
  const { directory } = cluster;
  await sweepDrafts(directory);
  for (const deadline = Date.now() + OBSTACLE_MS; ; await delay(OBSTACLE_POLL_MS)) {
    const left = await attach(directory, options);
    if (left) return left;
    try {
      return await launch(cluster, options);
    } catch (error) {
      if (!(error instanceof PassingObstacle)) throw error;
      if (Date.now() > deadline) throw obstructed(directory, error);
    }
  }
}

/** Waits for a server that is starting or stopping; undefined when none is left. */
async function attach(directory: string, options: EmbeddedPostgresOptions): Promise<OpenServer | undefined> {
  for (const deadline = Date.now() + READY_MS; ; await delay(POLL_MS)) {
    const found = await findLiveServer(directory);
    if (!found) return undefined;
    const { pid, port, startToken } = found;
    if (found.state === 'ready' && port !== undefined) {
      try {
        const version = await openDatabase({ directory, port, password: options.password });
        options.log?.('attached to the embedded database that an earlier process left running', {
          pid,
          port,
        });
        return { server: { pid, port, startToken }, version };
      } catch (error) {
        // It may be shutting down since we looked (57P03, a reset connection); the next round tells.
        if (error instanceof EmbeddedPostgresError) throw error;
        if (Date.now() > deadline) throw unresponsive(pid, error);
      }
    }
    if (Date.now() > deadline) throw unresponsive(pid);
  }
}

async function launch(cluster: ClusterLocation, options: EmbeddedPostgresOptions): Promise<OpenServer> {
  const { directory, user } = cluster;
  const { password, log } = options;
  const clusterMajor = await readClusterMajor(cluster);
  const from = options.binaries ?? 'auto';
  const binaries = await findBinaries({ from, clusterMajor, user, copiesTo: cluster.binariesHome });
  if (clusterMajor === undefined) {
    await createCluster({ directory, user, binaries, password });
    log?.('made the embedded database', { directory, version: binaries.version.major });
  }
  await recordLocation(cluster);
  await clearStalePidFile(directory);
  const settings = options.settings ?? {};
  const logFile = join(cluster.dataDir, 'postgres.log');
  const onCrash = (how: object): void => log?.('the embedded database ended unexpectedly', how);
  const server = await launchServer({ directory, user, binaries, settings, logFile, onCrash });
  try {
    const version = await openDatabase({ directory, port: server.port, password });
    log?.('started the embedded database', { pid: server.pid, port: server.port, version });
    return { server, version };
  } catch (error) {
    await stopPostmaster(server);
    throw error;
  }
}

const unresponsive = (pid: number, cause?: unknown): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'start_failed',
    `The embedded database that an earlier process left running (process ${pid}) is neither ready nor gone after ` +
      `${READY_MS / 1000} s. Look at postgres.log in DATA_DIR; start again when it has finished, or stop it.`,
    { cause },
  );

const obstructed = (directory: string, cause: PassingObstacle): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'start_failed',
    `The embedded database in ${directory} could not start for ${OBSTACLE_MS / 1000} s:\n${cause.message}`,
    { cause },
  );
