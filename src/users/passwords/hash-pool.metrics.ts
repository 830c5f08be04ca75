import { Injectable } from '@nestjs/common';
import { Metrics } from '../../common/metrics.js';
import { PasswordHasher } from './password-hasher.js';

/** Shows how much passwords cost: what waits for long ends in `503`. */
@Injectable()
export class HashPoolMetrics {
  constructor(metrics: Metrics, hasher: PasswordHasher) {
    metrics.gauges(
      'sealgate_password_hashes',
      'Password hashes that run and that wait for their turn.',
      'state',
      () => ({ running: hasher.running, waiting: hasher.waiting }),
    );
  }
}
