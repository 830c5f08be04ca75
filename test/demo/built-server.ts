import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../scripts/lib/free-port.mjs';
// @ts-expect-error -- plain JavaScript that also runs on a bare clone
import { isBuildStale } from '../../scripts/lib/stale.mjs';

const root = resolve(import.meta.dirname, '../..');

/** The compiled server as a process of its own, as `npm start` runs it. */
export interface BuiltServer {
  url: string;
  child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
}

/** Tests of the build must not pass on an older one. */
export function buildIfStale(): void {
  if (!isBuildStale()) return;
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

export function scratchDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sealgate-built-'));
}

/** Starts (on a free port, unless `PORT` is given) and waits until it is ready. @throws with its output where it ends before. */
export async function startBuiltServer(environment: Record<string, string>): Promise<BuiltServer> {
  const port = Number(environment['PORT'] ?? (await freePort()));
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: String(port),
      BCRYPT_COST: '4',
      ...environment,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const url = `http://localhost:${port}`;
  await untilReady(url, child, () => output);
  return {
    url,
    child,
    output: () => output,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the server did not start:\n${output()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Plays scripts/demo.mjs. @returns its exit code and what it printed. */
export async function playDemo(
  url: string,
  ...args: string[]
): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, ['scripts/demo.mjs', '--url', url, ...args], { cwd: root });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  await once(child, 'exit');
  return { status: child.exitCode, output };
}
