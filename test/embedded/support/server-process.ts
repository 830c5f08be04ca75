import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EmbeddedPostgresOptions } from '../../../src/database/embedded/embedded-postgres.js';
import type { ServerUser } from '../../../src/database/embedded/server-user.js';
import type { LauncherBuild } from './launcher-build.js';

export type Line =
  | { type: 'log'; message: string; details: Record<string, unknown> }
  | { type: 'ready'; url: string; version: string }
  | { type: 'refused'; code: string; message: string }
  | { type: 'acked'; id: string }
  | { type: 'drained'; answer: number }
  | { type: 'stopped' };

export interface ServerProcess {
  pid: number;
  /** Everything that it has told so far. */
  lines: readonly Line[];
  /** Ends when its streams are closed by whoever held them. */
  closed: Promise<unknown>;
  /** Waits until `count` lines of this type have come; null when it ended before. */
  told<T extends Line['type']>(type: T, count?: number): Promise<Extract<Line, { type: T }> | null>;
  tell(command: 'write' | 'stop'): void;
}

const script = fileURLToPath(new URL('server-process.mjs', import.meta.url));
const pgModule = createRequire(import.meta.url).resolve('pg');
const started: ChildProcess[] = [];

export function startProcess(
  build: LauncherBuild,
  options: EmbeddedPostgresOptions,
  user?: ServerUser,
): ServerProcess {
  const argv = [script, build.launcher, JSON.stringify(options), pgModule];
  // A process group of its own, so that a test can send it what a terminal sends on Ctrl-C.
  const child = spawn(process.execPath, argv, {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  started.push(child);
  const lines: Line[] = [];
  const closed = once(child, 'close');
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => lines.push(JSON.parse(text) as Line));
  const ended = once(reader, 'close');
  return {
    pid: child.pid ?? 0,
    lines,
    closed,
    async told(type, count = 1) {
      for (let isOver = false; ;) {
        const found = lines.filter((line) => line.type === type)[count - 1];
        if (found) return found as Extract<Line, { type: typeof type }>;
        if (isOver) return null;
        isOver = await Promise.race([once(reader, 'line').then(() => false), ended.then(() => true)]);
      }
    },
    tell: (command) => child.stdin.write(`${command}\n`),
  };
}

/** For `afterEach`: a failed test must leave no process behind. */
export function killStarted(): void {
  for (const child of started.splice(0)) child.kill('SIGKILL');
}
