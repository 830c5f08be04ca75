import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { isRetryable } from '../../database/sqlstate.js';
import { ChatChange } from './chat-change.js';
import { WakeUps } from './wake-ups.service.js';

const ATTEMPTS = 3;

/** Runs the transactions of this module: again after a deadlock, and with whoever was told woken after the commit. */
@Injectable()
export class ChatChanges {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly wakeUps: WakeUps,
  ) {}

  async run<T>(work: (change: ChatChange) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      }
    }
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
