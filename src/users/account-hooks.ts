import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClientInfo } from '../common/http/client-info.js';

/** Why an account's sessions end. */
export type AccountEnd = 'suspended' | 'deleted';

/** What is done in this process once the transaction is committed, e.g. to drop what a memory holds. Must not throw. */
export type AfterCommit = () => void;

export interface EmailChange {
  readonly userId: string;
  readonly from: string | null;
  /** Not verified yet. */
  readonly to: string;
  readonly client: ClientInfo;
}

/** What a feature above this one does when an account ends, changes or asks for its data. */
export interface AccountHook {
  /** The member of the export under which the feature's data stands. */
  readonly name: string;
  /** Runs in the transaction that suspends or deletes; of a deleted account all that the feature holds goes. */
  ending?(tx: EntityManager, userId: string, end: AccountEnd): Promise<void | AfterCommit>;
  /** Runs in the transaction that changes the address: to tell the old one and to ask the new one. */
  emailChanged?(tx: EntityManager, change: EmailChange): Promise<void | AfterCommit>;
  /** Everything that the feature holds on the account, as JSON. */
  export?(userId: string): Promise<unknown>;
}

/** Where sessions, keys, mail and messages join in the life of an account, without this module knowing them. */
@Injectable()
export class AccountHooks {
  private readonly hooks: AccountHook[] = [];

  register(hook: AccountHook): void {
    this.hooks.push(hook);
  }

  /** @returns what the caller runs after its commit. */
  async ending(tx: EntityManager, userId: string, end: AccountEnd): Promise<AfterCommit> {
    return this.collect((hook) => hook.ending?.(tx, userId, end));
  }

  /** @returns what the caller runs after its commit. */
  async emailChanged(tx: EntityManager, change: EmailChange): Promise<AfterCommit> {
    return this.collect((hook) => hook.emailChanged?.(tx, change));
  }

  async export(userId: string): Promise<Record<string, unknown>> {
    const parts: Record<string, unknown> = {};
    for (const hook of this.hooks)
      if (hook.export !== undefined) parts[hook.name] = await hook.export(userId);
    return parts;
  }

  /** One after the other: they share the transaction's connection. */
  private async collect(
    join: (hook: AccountHook) => Promise<void | AfterCommit> | undefined,
  ): Promise<AfterCommit> {
    const effects: AfterCommit[] = [];
    for (const hook of this.hooks) {
      const effect = await join(hook);
      if (effect) effects.push(effect);
    }
    return () => effects.forEach((effect) => effect());
  }
}
