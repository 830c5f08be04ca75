import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findBinaries } from '../../../src/database/embedded/binaries.js';
import { createCluster, SUPERUSER } from '../../../src/database/embedded/create-cluster.js';
import { executable, findSystemBinaries } from '../../../src/database/embedded/system-binaries.js';
import { serverEnvironment } from '../../../src/database/embedded/server-environment.js';
import { findServerUser, isRoot, type ServerUser } from '../../../src/database/embedded/server-user.js';
import { freePort } from '../../../scripts/lib/free-port.mjs';
import { within } from './within.js';

const run = promisify(execFile);
const PASSWORD = 'faults-password';
const START_MS = 60_000;

/** Standbys and dumps need tools that the package does not bring. */
export const hasSystemPostgres =
  (await findSystemBinaries(isRoot() ? await findServerUser().catch(() => undefined) : undefined)).length > 0;

/** How a database ends: politely to disk but not to clients; at once; without a chance to do anything. */
export type End = 'SIGINT' | 'SIGQUIT' | 'SIGKILL';

/** A durable PostgreSQL of a test's own, on a port that it keeps, to be stopped, killed, frozen and started again. */
export class PostgresProcess {
  private child: ChildProcess | null = null;
  private output = '';

  private constructor(
    private readonly scratch: string,
    private readonly user: ServerUser | undefined,
    private readonly binDirectory: string,
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  /** A new cluster, running. @param scratch where it lies; a new temporary directory without it. */
  static async create(settings: Record<string, string> = {}, scratch?: string): Promise<PostgresProcess> {
    const server = await PostgresProcess.prepare(settings, scratch);
    const binaries = await server.binaries();
    await createCluster({
      directory: server.directory,
      user: server.user,
      binaries,
      password: PASSWORD,
    });
    await server.start();
    return server;
  }

  /** A copy that follows `primary` as a stream; a commit there is acknowledged once it is on the disks of both. */
  static async standbyOf(primary: PostgresProcess): Promise<PostgresProcess> {
    const standby = await PostgresProcess.prepare({});
    const source = `postgres://${SUPERUSER}:${PASSWORD}@127.0.0.1:${primary.port}/postgres?application_name=standby`;
    const how = ['--wal-method=stream', '--checkpoint=fast', '--write-recovery-conf'];
    await standby.tool('pg_basebackup', ['--pgdata', standby.directory, '--dbname', source, ...how]);
    await standby.start();
    await primary.query(`ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
    await primary.query('SELECT pg_reload_conf()');
    const sync = `SELECT FROM pg_stat_replication WHERE sync_state = 'sync'`;
    await within(START_MS, 'a synchronous standby', async () => (await primary.query(sync)).length === 1);
    return standby;
  }

  private static async prepare(settings: Record<string, string>, given?: string): Promise<PostgresProcess> {
    const scratch = given ?? (await mkdtemp(join(tmpdir(), 'sealgate-faults-')));
    const user = isRoot() ? await findServerUser() : undefined;
    if (user !== undefined) await chown(scratch, user.uid, user.gid);
    await chmod(scratch, 0o755);
    const query = {
      from: 'auto',
      clusterMajor: undefined,
      user,
      copiesTo: join(scratch, 'binaries'),
    } as const;
    const { directory } = await findBinaries(query);
    return new PostgresProcess(scratch, user, directory, await freePort(), settings);
  }

  get url(): string {
    return this.urlAt(this.port);
  }

  /** As seen through something else that listens on a port of loopback. */
  urlAt(port: number, database = 'postgres'): string {
    return `postgres://${SUPERUSER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  }

  /** A file that its programs may write. */
  fileAt(name: string): string {
    return join(this.scratch, name);
  }

  private get directory(): string {
    return join(this.scratch, 'cluster');
  }

  /** @returns once it takes connections; a standby takes reading ones only. */
  async start(): Promise<void> {
    await within(START_MS, `PostgreSQL on port ${this.port}`, async () => {
      // What a killed server leaves behind can be in the way of the next one for a moment.
      if (this.child === null || this.child.exitCode !== null || this.child.signalCode !== null) this.spawn();
      return this.query('SELECT 1').then(
        () => true,
        () => false,
      );
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.output}`);
    });
  }

  /** @returns once the process is gone. */
  async end(how: End): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(how);
    await once(child, 'exit');
  }

  /** Everything of it stands still: connections stay open, and nothing answers. */
  async freeze(): Promise<void> {
    for (const pid of await this.processes()) process.kill(pid, 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    for (const pid of await this.processes()) process.kill(pid, 'SIGCONT');
  }

  /** Makes a standby the primary; from then on it takes writes. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote(true, 60)');
  }

  async query<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Runs one of PostgreSQL's programs as its user. */
  async tool(program: string, args: string[]): Promise<void> {
    const options = { cwd: '/', env: serverEnvironment(), ...this.user };
    await run(executable(this.binDirectory, program), args, options);
  }

  async destroy(): Promise<void> {
    await this.thaw().catch(() => undefined);
    await this.end('SIGQUIT');
    await rm(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }

  private async binaries(): Promise<Awaited<ReturnType<typeof findBinaries>>> {
    const { user } = this;
    return findBinaries({
      from: 'auto',
      clusterMajor: undefined,
      user,
      copiesTo: join(this.scratch, 'binaries'),
    });
  }

  private spawn(): void {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port: String(this.port),
      max_connections: '150',
      ...this.settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.child = spawn(executable(this.binDirectory, 'postgres'), ['-D', this.directory, ...args], {
      ...this.user,
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr?.on('data', (chunk) => (this.output = (this.output + String(chunk)).slice(-10_000)));
  }

  private async processes(): Promise<number[]> {
    const pid = this.child?.pid;
    if (pid === undefined) return [];
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(() => ({ stdout: '' }));
    return [pid, ...stdout.split('\n').filter(Boolean).map(Number)];
  }
}
