import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ServiceUnavailable } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { isRetryable } from '../../database/sqlstate.js';
import { inTwoSteps, type Outcome, type Rows, type Statement } from '../../database/two-step-transaction.js';
import { ChatChange } from './chat-change.js';
import { Turns } from './core/turns.js';
import { WakeUps } from './wake-ups.service.js';

const ATTEMPTS = 3;
/** One works while the next one's transaction begins; more would only hold connections, waiting for the same row. */
const AT_ONCE = 2;
const MAX_WAITING = 5_000;

/** What a change comes to, and whom to wake after its commit. */
export interface ChangeOutcome<T> extends Outcome<T> {
  readonly told: ReadonlySet<string>;
}

/** A change of which all is known once its first statements are answered. */
export interface TwoStepChange<T> {
  /** Locks the chat and looks. */
  readonly first: readonly Statement[];
  /** @param found the rows of each of the first statements. */
  decide(found: Rows[], at: Date): ChangeOutcome<T>;
  /** True of a failure that says that what was found is out of date. */
  isOutdated(error: unknown): boolean;
}

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
    return this.inTurn(subject, async () => {
      let told: ReadonlySet<string> = new Set();
      const result = await this.dataSource.transaction(async (tx) => {
        const change = new ChatChange(tx, this.clock.now());
        told = change.told;
        return work(change);
      });
      this.wakeUps.wake(told);
      return result;
    });
  }

  /** As {@link run}, for the busiest path. */
  async runInTwoSteps<T>(subject: string, change: TwoStepChange<T>): Promise<T> {
    return this.inTurn(
      subject,
      async () => {
        let told: ReadonlySet<string> = new Set();
        const result = await inTwoSteps(this.dataSource, change.first, (found) => {
          const outcome = change.decide(found, this.clock.now());
          told = outcome.told;
          return outcome;
        });
        this.wakeUps.wake(told);
        return result;
      },
      (error) => isRetryable(error) || change.isOutdated(error),
    );
  }

  /** @param isWorthAgain true of a failure after which the same work can succeed. */
  private async inTurn<T>(
    subject: string,
    work: () => Promise<T>,
    isWorthAgain: (error: unknown) => boolean = isRetryable,
  ): Promise<T> {
    return this.turns.take(
      subject,
      () => new ServiceUnavailable(1),
      async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await work();
          } catch (error) {
            if (attempt === ATTEMPTS || !isWorthAgain(error)) throw error;
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
}
