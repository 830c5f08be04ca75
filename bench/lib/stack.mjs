import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { startNode } from './processes.mjs';

const secret = () => randomBytes(32).toString('base64');

/** As in production, behind a proxy that ends TLS: nothing is left out, and only the limits per address are raised. */
export function serverEnvironment(databaseUrl) {
  return {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://bench.example',
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    MASTER_KEY: secret(),
    JWT_REFRESH_SECRET: secret(),
    PASSWORD_PEPPER: secret(),
    METRICS_TOKEN: secret(),
    RATE_LIMIT_FACTOR: '1000000',
  };
}

/** PostgreSQL in a directory of its own, durable as by default, and the built server on databases of it. */
export class Stack {
  static async start() {
    const directory = mkdtempSync(join(tmpdir(), 'sealgate-bench-'));
    // PostgreSQL does not run as root, and its own user has to get there.
    chmodSync(directory, 0o755);
    const server = await startEmbeddedPostgres({
      dataDir: directory,
      password: 'bench',
      settings: { max_connections: '200', wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '8GB' },
    });
    return new Stack(directory, server);
  }

  constructor(directory, server) {
    this.directory = directory;
    this.server = server;
    this.version = server.version;
    this.environments = new Map();
  }

  /** @returns the URL of a new, empty database. */
  async createDatabase(name) {
    await this.query(this.server.url, `CREATE DATABASE ${name}`);
    const url = new URL(this.server.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  async query(url, sql, parameters) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  /** @param options of Node, such as `--cpu-prof`. */
  async startSealgate(databaseUrl, env = {}, options = []) {
    if (!this.environments.has(databaseUrl))
      this.environments.set(databaseUrl, serverEnvironment(databaseUrl));
    const port = await freePort();
    const { listener, readyMs } = await startNode([...options, 'dist/src/main.js'], {
      port,
      env: { ...this.environments.get(databaseUrl), DATA_DIR: this.directory, PORT: String(port), ...env },
      log: join(this.directory, 'server.log'),
      ready: '/readyz',
    });
    return Object.assign(listener, { readyMs });
  }

  async stop() {
    await this.server.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
