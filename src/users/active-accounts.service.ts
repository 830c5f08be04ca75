import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntitySubscriberInterface, type TransactionCommitEvent } from 'typeorm';
import { NotificationBus } from '../database/notification-bus.js';
import { AccountsService } from './accounts.service.js';
import { changedAccounts } from './changed-accounts.js';
import type { UserEntity } from './user.entity.js';

export type ActiveAccount = Readonly<UserEntity>;

const REMEMBERED = 10_000;
/** The notice of the trigger on `users`. */
const ACCOUNT_CHANGED = 'account-changed';

/**
 * Accounts that are neither suspended nor deleted, remembered between requests. A trigger tells every replica of each
 * change with its commit, whatever wrote it; as with revocations, what is remembered is believed only while the bus is
 * fresh. A change that this process commits is forgotten before its answer, so that whoever made it sees it at once.
 */
@Injectable()
export class ActiveAccounts implements OnModuleInit, EntitySubscriberInterface {
  private readonly remembered = new LRUCache<string, ActiveAccount>({ max: REMEMBERED });
  /** Counts what was forgotten: what was read meanwhile may be older than that. */
  private changes = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: NotificationBus,
    private readonly accounts: AccountsService,
  ) {}

  onModuleInit(): void {
    this.bus.on(ACCOUNT_CHANGED, ({ id }) => this.forget(String(id)));
    this.bus.onReconnect(async () => this.forgetAll());
    this.dataSource.subscribers.push(this);
  }

  /** Neither suspended nor deleted. At once where it is remembered: the same object, as long as nothing changes. */
  find(id: string): ActiveAccount | Promise<ActiveAccount | null> {
    const isFresh = this.bus.isFresh();
    return (isFresh ? this.remembered.get(id) : undefined) ?? this.read(id, isFresh);
  }

  private async read(id: string, isFresh: boolean): Promise<ActiveAccount | null> {
    const before = this.changes;
    const user = await this.accounts.findActive(id);
    if (user !== null && isFresh && before === this.changes) this.remembered.set(id, user);
    return user;
  }

  /** Before whoever waits for the commit goes on. */
  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    for (const id of changedAccounts(queryRunner)) this.forget(id);
  }

  private forget(id: string): void {
    this.changes += 1;
    this.remembered.delete(id);
  }

  private forgetAll(): void {
    this.changes += 1;
    this.remembered.clear();
  }
}
