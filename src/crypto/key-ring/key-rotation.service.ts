import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../../common/logging.js';
import { Clock } from '../../common/time/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { PeriodicJobs } from '../../database/periodic-jobs.js';
import { isDue, ROTATING_PURPOSES, type RotatingPurpose } from './core/key-life.js';
import { NextKeyTooYoung } from './key-ring.errors.js';
import { KeyRing } from './key-ring.service.js';
import { ServerKeyStore } from './server-key-store.js';

const LOOK_MINUTES = 10;

/** Rotates keys when their time has come, on one replica at a time, and takes away what nobody reads any more. */
@Injectable()
export class KeyRotation implements OnModuleInit {
  constructor(
    private readonly ring: KeyRing,
    private readonly store: ServerKeyStore,
    private readonly jobs: PeriodicJobs,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.every(LOOK_MINUTES, 'rotate-server-keys', async () => {
      await this.store.fill();
      await this.ring.catchUp();
      for (const purpose of ROTATING_PURPOSES) await this.rotateIfDue(purpose);
      await this.store.sweep();
    });
  }

  private async rotateIfDue(purpose: RotatingPurpose): Promise<void> {
    const { accessKeyDays, sealedKeyDays } = this.config;
    const days = purpose === 'access-token' ? accessKeyDays : sealedKeyDays;
    if (!isDue(this.ring.active(purpose), days, this.clock.now())) return;
    try {
      const rotation = await this.ring.rotate(purpose);
      if (rotation !== null) this.logger.info({ purpose, ...rotation }, 'server key rotated');
    } catch (error) {
      // It was made anew lately; the next look finds it old enough.
      if (!(error instanceof NextKeyTooYoung)) throw error;
    }
  }
}
