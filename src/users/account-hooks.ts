import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Why an account's sessions end. */
export type AccountEnd = 'suspended' | 'deleted';

/** What a feature above this one does when an account ends or asks for its data. */
export interface AccountHook {
  /** The member of the export under which the feature's data stands. */
  readonly name: string;
  /** Runs in the transaction that suspends or deletes. */
  ending?(tx: EntityManager, userId: string, end: AccountEnd): Promise<void>;
  /** Everything that the feature holds on the account, as JSON. */
  export?(userId: string): Promise<unknown>;
}

/** Where sessions, keys and messages join in the life of an account, without this module knowing them. */
@Injectable()
export class AccountHooks {
  private readonly hooks: AccountHook[] = [];

  register(hook: AccountHook): void {
    this.hooks.push(hook);
  }

  async ending(tx: EntityManager, userId: string, end: AccountEnd): Promise<void> {
    for (const hook of this.hooks) await hook.ending?.(tx, userId, end);
  }

  async export(userId: string): Promise<Record<string, unknown>> {
    const parts: Record<string, unknown> = {};
    for (const hook of this.hooks)
      if (hook.export !== undefined) parts[hook.name] = await hook.export(userId);
    return parts;
  }
}
