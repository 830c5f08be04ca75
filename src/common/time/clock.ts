import { Injectable } from '@nestjs/common';

/** The only source of time for rules (expiry, windows, locks), so that tests can move it. */
export abstract class Clock {
  abstract now(): Date;

  /** Whole seconds since the epoch, the unit of JWT's NumericDate (RFC 7519 §2). */
  epochSeconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }
}

@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
