import { Clock } from '../../src/common/time/clock.js';

/** Real time plus what a test has moved it by, in seconds. */
export class TestClock extends Clock {
  private offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  advance(seconds: number): void {
    this.offsetMs += seconds * 1000;
  }
}
