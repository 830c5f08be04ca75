import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../../common/metrics.js';
import { Clock } from '../../common/time/clock.js';
import { PURPOSES } from './core/key-life.js';
import { KeyRing } from './key-ring.service.js';

/** For alerts on a schedule that does not run: how long each key has been doing what it does. */
@Injectable()
export class KeyAges {
  constructor(ring: KeyRing, clock: Clock, metrics: Metrics) {
    const gauge: Gauge<'purpose' | 'state'> = new Gauge({
      name: 'sealgate_server_key_age_seconds',
      help: 'Time since the active key took over, and since the next one was published.',
      labelNames: ['purpose', 'state'],
      registers: [metrics.registry],
      collect: () => {
        const now = clock.now().getTime();
        for (const purpose of PURPOSES)
          for (const { state, createdAt, activatedAt } of ring.published(purpose))
            if (state === 'active' || state === 'next')
              gauge.set({ purpose, state }, Math.round((now - (activatedAt ?? createdAt).getTime()) / 1000));
      },
    });
  }
}
