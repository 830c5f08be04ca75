import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClientInfo } from '../common/http/client-info.js';
import { Clock } from '../common/time/clock.js';
import type { SecurityEventType } from '../security-log/security-event.entity.js';
import { SecurityLog } from '../security-log/security-log.service.js';
import { AccountHooks, type AfterCommit } from './account-hooks.js';
import { AccountsService, refuseTaken } from './accounts.service.js';
import { changesAccount } from './changed-accounts.js';
import { UserEntity, type Role } from './user.entity.js';

/** What may change of an account; what is undefined stays. */
export interface AccountChange {
  readonly username?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | null | undefined;
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly suspended?: boolean | undefined;
}

/** Who asked for a change, and from where. */
export interface Actor {
  readonly userId: string;
  readonly client: ClientInfo;
}

/** The one place that changes an account's row, so that no way to it forgets the log or the sessions. */
@Injectable()
export class AccountChanges {
  constructor(
    private readonly accounts: AccountsService,
    private readonly hooks: AccountHooks,
    private readonly securityLog: SecurityLog,
    private readonly clock: Clock,
  ) {}

  /**
   * The account is locked.
   * @returns what the caller runs after its commit.
   * @throws UsernameTaken, EmailTaken
   */
  async apply(
    tx: EntityManager,
    user: UserEntity,
    change: AccountChange,
    actor: Actor,
  ): Promise<AfterCommit> {
    const changed = this.difference(user, change);
    if (Object.keys(changed).length === 0) return () => undefined;
    changesAccount(tx, user.id);
    await refuseTaken(() => tx.getRepository(UserEntity).update({ id: user.id }, changed));
    if (changed.username !== undefined) await this.accounts.refuseRetired(tx, changed.username);
    if (changed.role !== undefined)
      await this.record(tx, 'role_changed', user, actor, { role: changed.role });
    const effects = [
      await this.afterEmail(tx, user, changed.email ?? null, actor),
      await this.afterSuspension(tx, user, changed.suspendedAt, actor),
    ];
    return () => effects.forEach((effect) => effect?.());
  }

  /** Only what is different: the same value again is no change and no event. */
  private difference(user: UserEntity, change: AccountChange): Partial<UserEntity> {
    const { username, displayName, avatarUrl, email, role, suspended } = change;
    return {
      ...(username !== undefined && username !== user.username && { username }),
      ...(displayName !== undefined && displayName !== user.displayName && { displayName }),
      ...(avatarUrl !== undefined && avatarUrl !== user.avatarUrl && { avatarUrl }),
      ...(email !== undefined && email !== user.email && { email, emailVerifiedAt: null }),
      ...(role !== undefined && role !== user.role && { role }),
      ...(suspended === true && user.suspendedAt === null && { suspendedAt: this.clock.now() }),
      ...(suspended === false && user.suspendedAt !== null && { suspendedAt: null }),
    };
  }

  private async afterEmail(
    tx: EntityManager,
    user: UserEntity,
    to: string | null,
    actor: Actor,
  ): Promise<AfterCommit | null> {
    if (to === null) return null;
    await this.record(tx, 'email_changed', user, actor);
    return this.hooks.emailChanged(tx, { userId: user.id, from: user.email, to, client: actor.client });
  }

  private async afterSuspension(
    tx: EntityManager,
    user: UserEntity,
    suspendedAt: Date | null | undefined,
    actor: Actor,
  ): Promise<AfterCommit | null> {
    if (suspendedAt === undefined) return null;
    await this.record(tx, suspendedAt === null ? 'account_restored' : 'account_suspended', user, actor);
    return suspendedAt === null ? null : this.hooks.ending(tx, user.id, 'suspended');
  }

  /** Another's address and browser do not belong into a person's own log: of an admin it names the id only. */
  private async record(
    tx: EntityManager,
    type: SecurityEventType,
    user: UserEntity,
    { userId, client }: Actor,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    const isSelf = userId === user.id;
    await this.securityLog.record(tx, {
      type,
      userId: user.id,
      client: isSelf ? client : null,
      details: { ...details, by: isSelf ? 'self' : userId },
    });
  }
}
