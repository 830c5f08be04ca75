import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { until } from './until.js';

/** `npm test` installs it where it may, and says so where it may not. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A real Redis of one's own, to be stopped, frozen and brought back. */
export class TestRedis {
  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private process: ChildProcess,
  ) {}

  static async start(): Promise<TestRedis> {
    const directory = await mkdtemp(join(tmpdir(), 'sealgate-redis-'));
    const port = await freePort();
    const redis = new TestRedis(directory, port, spawnServer(port, directory));
    await redis.answers();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async keys(): Promise<string[]> {
    const client = new Redis(this.url);
    try {
      return await client.keys('*');
    } finally {
      client.disconnect();
    }
  }

  freeze(): void {
    this.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }

  async restart(): Promise<void> {
    this.process = spawnServer(this.port, this.directory);
    await this.answers();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    const client = new Redis(this.url, { retryStrategy: () => 20 });
    client.on('error', () => undefined);
    await until(10_000, async () => client.status === 'ready');
    client.disconnect();
  }
}

function spawnServer(port: number, directory: string): ChildProcess {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
  return spawn('redis-server', options, { stdio: 'ignore' });
}
