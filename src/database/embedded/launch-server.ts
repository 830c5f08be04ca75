import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTokenOf } from '@sealgate/instance-lock';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import type { Binaries } from './postgres-version.js';
import { POLL_MS, readPostmasterPid, type RunningServer } from './postmaster.js';
import { serverEnvironment } from './server-environment.js';
import { openServerLog, readLogTail, type ServerLog } from './server-log.js';
import type { ServerUser } from './server-user.js';
import { executable } from './system-binaries.js';

/** After a crash the server replays its log first; that a later start waits for it is better than to begin again. */
export const READY_MS = 120_000;

export interface Launch {
  directory: string;
  user: ServerUser | undefined;
  binaries: Binaries;
  settings: Record<string, string>;
  logFile: string;
  /** Called when the server dies after it was ready, which no stop of ours does to it. */
  onCrash: (how: { code: number | null; signal: string | null }) => void;
}

/** The server did not start for a reason that passes: the port was taken, or another server's remains are in the way. */
export class PassingObstacle extends Error {}

const PASSING =
  /Address already in use|could not create any TCP\/IP|lock file "postmaster\.pid"|pre-existing shared memory/;

const DEFAULT_SETTINGS: Record<string, string> = {
  max_connections: '100',
  shared_buffers: '128MB',
  // Named here so that no file of the cluster can weaken them: an acknowledged row is on the disk.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // A log without the values that people entered: no DETAIL with the duplicate key, no statements.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

export async function launchServer(launch: Launch): Promise<RunningServer> {
  const log = await openServerLog(launch.logFile, launch.user);
  const child = spawnServer(launch, await findFreePort(), log);
  let ended: string | undefined;
  child.once('error', (error) => (ended = String(error)));
  child.once('exit', (code, signal) => (ended = `it exited with ${signal ?? code}`));
  await log.file.close();
  for (const deadline = Date.now() + READY_MS; ended === undefined; await delay(POLL_MS)) {
    const server = await findReady(launch, child);
    if (server) {
      child.once('exit', (code, signal) => code !== 0 && launch.onCrash({ code, signal }));
      return server;
    }
    if (Date.now() > deadline) ended = `it was not ready after ${READY_MS / 1000} s and goes on by itself`;
  }
  const tail = await readLogTail(log);
  if (PASSING.test(tail)) throw new PassingObstacle(tail);
  throw new EmbeddedPostgresError(
    'start_failed',
    `The embedded database did not start: ${ended}. The end of ${log.path}:\n${tail}`,
  );
}

/**
 * The child has a session of its own, so that Ctrl-C does not reach it before the server has drained, and writes to a
 * file, so that it holds no stream of its parent and outlives it.
 */
function spawnServer(launch: Launch, port: number, log: ServerLog): ChildProcess {
  const child = spawn(
    executable(launch.binaries.directory, 'postgres'),
    ['-D', launch.directory, ...toArguments(launch.settings, port)],
    {
      ...launch.user,
      cwd: dirname(launch.directory),
      detached: true,
      windowsHide: true,
      env: serverEnvironment(),
      stdio: ['ignore', log.file.fd, log.file.fd],
    },
  );
  child.unref();
  return child;
}

async function findReady(launch: Launch, child: ChildProcess): Promise<RunningServer | undefined> {
  const written = await readPostmasterPid(launch.directory);
  if (written?.state !== 'ready' || written.pid !== child.pid || written.port === undefined) return undefined;
  const startToken = await startTokenOf(written.pid);
  const { pid, port } = written;
  return startToken === undefined
    ? undefined
    : { pid, port, startToken, binDirectory: launch.binaries.directory };
}

function toArguments(settings: Record<string, string>, port: number): string[] {
  const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) };
  const all = Object.entries({ ...DEFAULT_SETTINGS, ...settings, ...fixed });
  return all.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Another process may take the port before the server does; the launch is then repeated. */
async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
