import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ServiceUnavailable } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { isRetryable } from '../../database/sqlstate.js';
import { ChatChange } from './chat-change.js';
import { Turns } from './core/turns.js';
import { WakeUps } from './wake-ups.service.js';

const ATTEMPTS = 3;
/** One works while the next one's transaction begins; more would only hold connections, waiting for the same row. */
const AT_ONCE = 2;
const MAX_WAITING = 5_000;

/** Thrown by the work of {@link ChatChanges.run} where what it saw is out of date: it is undone and runs again. */
export class OutOfDate extends Error {}

/** Runs the transactions of this module: in turns, again after a deadlock, and with whoever was told woken in the end. */
@Injectable()
export class ChatChanges {
  private readonly turns = new Turns(AT_ONCE, MAX_WAITING);

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly wakeUps: WakeUps,
  ) {}

  /**
   * @param subject the chat (or the person who makes one): work on the same one takes turns in this process.
   * @throws ServiceUnavailable where too many wait already
   */
  async run<T>(subject: string, work: (change: ChatChange) => Promise<T>): Promise<T> {
    return this.turns.take(
      subject,
      () => new ServiceUnavailable(1),
      async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await this.once(work);
          } catch (error) {
            if (attempt === ATTEMPTS || !(isRetryable(error) || error instanceof OutOfDate)) throw error;
          }
        }
      },
    );
  }

  /** Joins somebody else's transaction. @returns what to do after its commit. */
  async join(tx: EntityManager, work: (change: ChatChange) => Promise<void>): Promise<() => void> {
    const change = new ChatChange(tx, this.clock.now());
    await work(change);
    return () => this.wakeUps.wake(change.told);
  }

  private async once<T>(work: (change: ChatChange) => Promise<T>): Promise<T> {
    let told: ReadonlySet<string> = new Set();
    const result = await this.dataSource.transaction(async (tx) => {
      const change = new ChatChange(tx, this.clock.now());
      told = change.told;
      return work(change);
    });
    this.wakeUps.wake(told);
    return result;
  }
}
