import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../lib/free-port.mjs';
import { root } from '../lib/stale.mjs';

const START_MS = 60_000;
/** What operations.md gives a draining server. */
const DRAIN_MS = 30_000;

/** One built server as a process of its own, on a free port of loopback. */
export class Replica {
  /** What it printed last. */
  output = '';

  constructor(child, port) {
    this.child = child;
    this.port = port;
    this.url = `http://localhost:${port}`;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (this.output = (this.output + String(chunk)).slice(-1_000_000)));
  }

  /** @param environment all of its variables but PORT. @throws with its output where it ends before it is ready. */
  static async start(environment) {
    const port = await freePort();
    const child = spawn(process.execPath, ['dist/src/main.js'], {
      cwd: root,
      // A group of its own: Ctrl-C is for the cluster, which stops its replicas in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, PORT: String(port) },
    });
    const replica = new Replica(child, port);
    for (const end = Date.now() + START_MS; ; await delay(50)) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
      if (answer?.status === 200) return replica;
      if (!replica.isOver && Date.now() < end) continue;
      await replica.kill();
      throw new Error(`a replica did not start:\n${replica.output}`);
    }
  }

  get isOver() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Lets it drain. @returns its exit code; null where it had to be killed. */
  async stop() {
    if (this.isOver) return this.child.exitCode;
    const killer = setTimeout(() => this.child.kill('SIGKILL'), DRAIN_MS);
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
    clearTimeout(killer);
    return this.child.exitCode;
  }

  async kill() {
    if (this.isOver) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
