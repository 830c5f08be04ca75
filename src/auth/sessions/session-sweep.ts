import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { deleteWhere, PeriodicJobs } from '../../database/periodic-jobs.js';

const SWEEP_MINUTES = 60;
/** Clocks differ, and people ask what happened yesterday. */
const KEPT_MS = 24 * 3600 * 1000;

/** Takes away the rows of sessions and 42 sign-ins that are long over. */
@Injectable()
export class SessionSweep implements OnModuleInit {
  constructor(
    private readonly jobs: PeriodicJobs,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.every(SWEEP_MINUTES, 'sweep-sessions', async (db) => {
      const before = [new Date(this.clock.now().getTime() - KEPT_MS)];
      // The idle limit never lies past the absolute one.
      await deleteWhere(db, 'sessions', 'idle_expires_at < $1', before);
      await deleteWhere(db, 'used_sign_in_states', 'expires_at < $1', before);
    });
  }
}
