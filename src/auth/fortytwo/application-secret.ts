import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../../common/logging.js';
import { Metrics } from '../../common/metrics.js';
import { Clock } from '../../common/time/clock.js';

const DAY_MS = 24 * 3600 * 1000;
const WARN_BEFORE_MS = 30 * DAY_MS;

/** When 42's secret for this application runs out: sign-in with 42 stops then. 42 says so at each sign-in. */
@Injectable()
export class ApplicationSecret {
  private validUntil: Date | null = null;
  private loggedAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    metrics.gauge(
      'sealgate_fortytwo_secret_valid_until_seconds',
      'When the application secret at 42 runs out, in seconds since the epoch; NaN until 42 was asked.',
      () => (this.validUntil === null ? Number.NaN : this.validUntil.getTime() / 1000),
    );
  }

  /** Logged when it changes, and once a day; as a warning for the last thirty days. */
  seen(validUntil: Date | null): void {
    if (validUntil === null) return;
    const now = this.clock.now().getTime();
    // 42 counts whole seconds anew at each answer: that alone is no news.
    const isNews = Math.abs(validUntil.getTime() - (this.validUntil?.getTime() ?? -Infinity)) > DAY_MS;
    this.validUntil = validUntil;
    if (!isNews && now - this.loggedAt < DAY_MS) return;
    this.loggedAt = now;
    if (validUntil.getTime() - now < WARN_BEFORE_MS)
      this.logger.warn({ validUntil }, "42's application secret runs out soon: renew it");
    else this.logger.info({ validUntil }, "42's application secret");
  }
}
