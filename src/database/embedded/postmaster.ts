import { spawn } from 'node:child_process';
import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answersSignal, commandLineOf, startTokenOf } from '@sealgate/instance-lock';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres.errors.js';
import { parsePostmasterPid, type PostmasterPid } from './postmaster-pid.js';

export const POLL_MS = 10;
const UNFINISHED_FILE_MS = 1_000;
const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 15_000;

export interface RunningServer {
  pid: number;
  /** Names the process together with its pid. */
  startToken: string;
  port: number;
  /** Where its tools are, if this process launched it. */
  binDirectory?: string;
}

export type LiveStatus = PostmasterPid & { startToken: string };

export const pidFileOf = (directory: string): string => join(directory, 'postmaster.pid');

export async function readPostmasterPid(directory: string): Promise<PostmasterPid | undefined> {
  try {
    return parsePostmasterPid(await readFile(pidFileOf(directory), 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What `postmaster.pid` says, if a server of this very directory runs under that pid. */
export async function findLiveServer(directory: string): Promise<LiveStatus | undefined> {
  const written = await readPostmasterPid(directory);
  const startToken = written && (await startTokenOf(written.pid));
  if (!written || startToken === undefined) return undefined;
  return (await isServerOf(directory, written.pid)) ? { ...written, startToken } : undefined;
}

/**
 * As we start it, the command names the directory; as an administrator may have, only the directory that it works in
 * does (which root cannot see in every container). Where neither can be told, the password decides.
 */
async function isServerOf(directory: string, pid: number): Promise<boolean> {
  const command = await commandLineOf(pid);
  if (command === undefined || `${command} `.includes(` -D ${directory} `)) return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === directory;
}

/**
 * PostgreSQL removes a stale file of a dead process by itself, but gives up on an empty one (the machine lost its
 * power) and on one whose pid now belongs to something else. The server's shared memory, which the new one checks
 * too, still stops two servers on one directory, should this judgement ever be wrong.
 */
export async function clearStalePidFile(directory: string): Promise<void> {
  const deadline = Date.now() + UNFINISHED_FILE_MS;
  for (;;) {
    const content = await readFile(pidFileOf(directory), 'utf8').catch(() => undefined);
    if (content === undefined) return;
    const written = parsePostmasterPid(content);
    if (written && (await startTokenOf(written.pid)) === undefined && !answersSignal(written.pid)) return;
    if (await findLiveServer(directory)) return;
    if (written || Date.now() > deadline) break;
    await delay(POLL_MS);
  }
  await rm(pidFileOf(directory), { force: true });
}

/** Fast shutdown: clients are cut off and everything is written out; then, if that takes too long, as a crash would. */
export async function stopPostmaster(server: RunningServer): Promise<void> {
  if (await signalAndWait(server, 'SIGINT', FAST_SHUTDOWN_MS)) return;
  if (await signalAndWait(server, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS)) return;
  throw new EmbeddedPostgresError(
    'stop_failed',
    `The embedded database (process ${server.pid}) does not stop. Nothing is lost; the next start attaches to it.`,
  );
}

export async function isRunning({ pid, startToken }: RunningServer): Promise<boolean> {
  return (await startTokenOf(pid)) === startToken;
}

async function signalAndWait(
  server: RunningServer,
  signal: 'SIGINT' | 'SIGQUIT',
  limitMs: number,
): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  if (await isRunning(server)) sendSignal(server, signal);
  while (await isRunning(server)) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Windows has no signals; PostgreSQL brings its own there, which only its tools can send. */
function sendSignal({ pid, binDirectory }: RunningServer, signal: 'SIGINT' | 'SIGQUIT'): void {
  if (process.platform === 'win32' && binDirectory !== undefined) {
    spawn(join(binDirectory, 'pg_ctl.exe'), ['kill', signal.slice(3), String(pid)], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
