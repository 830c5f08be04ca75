import {
  Global,
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER, type Logger } from '../common/logging.js';
import { firstRow, rows, type Queryable } from './rows.js';

/** @param db the connection that holds the job's lock. */
type Work = (db: Queryable) => Promise<void>;

interface Job {
  readonly minutes: number;
  readonly work: Work;
  timer: NodeJS.Timeout | null;
}

/** The first half of the advisory locks of all jobs; the second is the name's hash. */
const LOCK_SPACE = 4_242_002;
const BATCH = 5_000;

/** Housekeeping: each job at about its interval, on one replica at a time. */
@Injectable()
export class PeriodicJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly jobs = new Map<string, Job>();
  private readonly running = new Set<Promise<unknown>>();
  private isStopped = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Registers a job while the modules start. It must be idempotent: every replica comes to it, one after the other. */
  every(minutes: number, name: string, work: Work): void {
    if (this.jobs.has(name)) throw new TypeError(`two jobs are called ${name}`);
    this.jobs.set(name, { minutes, work, timer: null });
  }

  onApplicationBootstrap(): void {
    for (const [name, job] of this.jobs) this.schedule(name, job);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    for (const { timer } of this.jobs.values()) if (timer !== null) clearTimeout(timer);
    await Promise.allSettled(this.running);
  }

  /** @returns false where another replica is at it. */
  async run(name: string): Promise<boolean> {
    const job = this.jobs.get(name);
    if (job === undefined) throw new TypeError(`no job is called ${name}`);
    const run = this.runLocked(name, job.work);
    this.running.add(run);
    try {
      return await run;
    } finally {
      this.running.delete(run);
    }
  }

  private schedule(name: string, job: Job): void {
    if (this.isStopped) return;
    // Jittered, so that replicas that started together do not come together for ever.
    job.timer = setTimeout(
      () => {
        this.run(name)
          .catch((error: unknown) => this.logger.warn({ err: error, job: name }, 'periodic job failed'))
          .finally(() => this.schedule(name, job));
      },
      job.minutes * 60_000 * (0.9 + Math.random() * 0.2),
    );
    job.timer.unref();
  }

  private async runLocked(name: string, work: Work): Promise<boolean> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
      const lock = 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS held';
      const { held } = (await firstRow<{ held: boolean }>(runner, lock, [LOCK_SPACE, name])) ?? {};
      if (held !== true) return false;
      try {
        await work(runner);
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCK_SPACE, name]);
      }
      return true;
    } finally {
      await runner.release();
    }
  }
}

/** Deletes in batches, so that no statement runs long and no lock is held long. Table and condition are constants. */
export async function deleteWhere(
  db: Queryable,
  table: string,
  condition: string,
  parameters: unknown[],
): Promise<void> {
  const sql = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)) RETURNING 1`;
  while ((await rows(db, sql, parameters)).length === BATCH);
}

@Global()
@Module({ providers: [PeriodicJobs], exports: [PeriodicJobs] })
export class PeriodicJobsModule {}
