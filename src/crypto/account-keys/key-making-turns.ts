import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { ServiceUnavailable } from '../../common/problem/common.errors.js';
import { Slots } from '../../common/slots.js';

/** A pair of 3072 bits keeps a thread of the pool busy for a second; one core and two threads stay for the others. */
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));
const MAX_WAITING = 8;
const RETRY_AFTER_SECONDS = 3;

/**
 * Lets few make keys at once, and each account one after the other. Without it, a handful of requests would take the
 * thread pool from everybody's passwords, files and tokens.
 */
@Injectable()
export class KeyMakingTurns {
  private readonly slots = new Slots(AT_ONCE, MAX_WAITING, RETRY_AFTER_SECONDS);
  /** Accounts that make keys or wait for it. */
  private readonly accounts = new Set<string>();

  /** @throws ServiceUnavailable where the account is at it already, or too many wait: nothing was done. */
  async run<T>(userId: string, work: () => Promise<T>): Promise<T> {
    if (this.accounts.has(userId)) throw new ServiceUnavailable(RETRY_AFTER_SECONDS);
    this.accounts.add(userId);
    try {
      return await this.slots.run(work);
    } finally {
      this.accounts.delete(userId);
    }
  }
}
