import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/lib/stale.mjs';

const READY_MS = 120_000;
const started = new Set();

/** A process that listens on a port of loopback. */
class Listener {
  constructor(child, port) {
    this.child = child;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** CPU that it has used, over all threads, in milliseconds. */
  cpuMs() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    // Clock ticks of 10 ms: utime and stime. @see proc(5)
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Memory in kB that is resident now. */
  residentKb() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }

  /** Sends a message and waits for the answer; floors that do more than serve take some. */
  async ask(message) {
    this.child.send(message);
    const [answer] = await once(this.child, 'message');
    return answer;
  }

  async stop() {
    await end(this.child);
  }
}

/**
 * Starts a floor or a peer: a file of this folder that listens on port 0 and says so by `process.send({ port })`.
 * @param options what the file finds in `process.env.OPTIONS`, as JSON.
 */
export async function startListener(file, options = {}, nodeOptions = []) {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), [], {
    execArgv: nodeOptions,
    env: { ...process.env, NODE_ENV: 'production', OPTIONS: JSON.stringify(options) },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  track(child);
  const [message] = await Promise.race([once(child, 'message'), died(child, file)]);
  return new Listener(child, message.port);
}

/**
 * The built server as it runs in production; its log goes to a file.
 * @param ready asked for until it is 200.
 * @returns the listener, and how many milliseconds it took until it was ready.
 */
export async function startNode(args, { port, env, log, ready }) {
  const began = performance.now();
  const output = log === undefined ? 'ignore' : openSync(log, 'a');
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', output, output],
  });
  if (output !== 'ignore') closeSync(output);
  track(child);
  const listener = new Listener(child, port);
  for (const end = performance.now() + READY_MS; ; await delay(2)) {
    const answer = await fetch(`${listener.url}${ready}`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return { listener, readyMs: performance.now() - began };
    if (child.exitCode !== null || performance.now() > end)
      throw new Error(`${args.join(' ')} did not start`);
  }
}

/** Whatever still runs, when a benchmark fails. */
export async function stopAll() {
  await Promise.all([...started].map(end));
}

function track(child) {
  started.add(child);
  child.once('exit', () => started.delete(child));
}

async function died(child, name) {
  const [code] = await once(child, 'exit');
  throw new Error(`${name} ended with ${code}`);
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill('SIGTERM');
  await once(child, 'exit');
  clearTimeout(killer);
}
