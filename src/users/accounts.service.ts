import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { newId } from '../common/ids.js';
import { ValidationFailed } from '../common/problem/common.errors.js';
import { Clock } from '../common/time/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { firstRow } from '../database/rows.js';
import { violatesUnique } from '../database/sqlstate.js';
import { SecurityLog } from '../security-log/security-log.service.js';
import { changesAccount } from './changed-accounts.js';
import { presentableName } from './display-name.js';
import { PasswordEntity } from './passwords/password.entity.js';
import type { HashedPassword, PasswordHash } from './passwords/password-hasher.js';
import { RetiredUsernames } from './retired-usernames.service.js';
import { UserEntity, type Role } from './user.entity.js';
import { isReservedUsername } from './username.js';
import { EmailTaken, UsernameTaken } from './users.errors.js';

export interface NewAccount {
  username: string;
  /** Normalised; null where 42 told none or another account has it. */
  email: string | null;
  emailVerified: boolean;
  /** The username, if left out. */
  displayName?: string;
  avatarUrl?: string | null;
  /** An admin's choice; else it follows from `ADMIN_EMAILS`. */
  role?: Role;
}

/** What a password sign-in needs of an account. */
export interface SignInAccount {
  user: UserEntity;
  password: HashedPassword | null;
}

/** Accounts as the ways of signing in see them. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly securityLog: SecurityLog,
    private readonly retired: RetiredUsernames,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @throws UsernameTaken, EmailTaken; the transaction is then broken and rolls back. ValidationFailed for a reserved
   * name, which only admins give and only the first of them takes.
   */
  async create(tx: EntityManager, account: NewAccount): Promise<UserEntity> {
    const now = this.clock.now();
    const role = account.role ?? this.firstRole(account);
    if (account.role === undefined && role !== 'admin' && isReservedUsername(account.username))
      throw new ValidationFailed([{ pointer: '/username', detail: 'username is reserved' }]);
    const user = tx.getRepository(UserEntity).create({
      id: newId(),
      username: account.username,
      email: account.email,
      emailVerifiedAt: account.emailVerified && account.email !== null ? now : null,
      displayName: presentableName(account.displayName ?? '') ?? account.username,
      avatarUrl: account.avatarUrl ?? null,
      role,
      suspendedAt: null,
      secondStepSettledAt: null,
      createdAt: now,
      deletedAt: null,
    });
    await refuseTaken(() => tx.getRepository(UserEntity).insert(user));
    await this.refuseRetired(tx, user.username);
    return user;
  }

  /**
   * After the write of the name, not before: a write that waited for the name's deletion to commit sees its digest.
   * @throws UsernameTaken
   */
  async refuseRetired(tx: EntityManager, username: string): Promise<void> {
    if (await this.retired.has(tx, username)) throw new UsernameTaken();
  }

  /** Sets or replaces the password. */
  async setPassword(tx: EntityManager, userId: string, { scheme, hash }: HashedPassword): Promise<void> {
    const row = { userId, scheme, hash, updatedAt: this.clock.now() };
    await tx.getRepository(PasswordEntity).upsert(row, ['userId']);
  }

  /**
   * Marks the address verified that the mail was sent to, once.
   * @returns false where the account has another address by now, or verified this one before.
   */
  async verifyEmail(tx: EntityManager, userId: string, email: string): Promise<boolean> {
    changesAccount(tx, userId);
    const marked = await tx
      .getRepository(UserEntity)
      .update(
        { id: userId, email, emailVerifiedAt: IsNull(), deletedAt: IsNull() },
        { emailVerifiedAt: this.clock.now() },
      );
    return marked.affected === 1;
  }

  /**
   * Puts a verified address in the place of the old one; the account is locked.
   * @returns the old address; undefined where the account is suspended or gone.
   * @throws EmailTaken; the transaction is then broken and rolls back.
   */
  async replaceEmail(tx: EntityManager, userId: string, email: string): Promise<string | null | undefined> {
    const active = { id: userId, deletedAt: IsNull(), suspendedAt: IsNull() };
    const user = await tx.getRepository(UserEntity).findOneBy(active);
    if (user === null) return undefined;
    const change = { email, emailVerifiedAt: this.clock.now() };
    changesAccount(tx, userId);
    await refuseTaken(() => tx.getRepository(UserEntity).update({ id: userId }, change));
    return user.email;
  }

  /**
   * A first admin's verified address brings the role with it, once the account is known to be in the hands of whoever
   * reads that mail: the link was opened in its own session, or all other ways in were just taken away.
   */
  async promoteFirst(tx: EntityManager, userId: string, email: string): Promise<void> {
    if (!this.isFirstAdmin(email)) return;
    changesAccount(tx, userId);
    const promoted = await tx
      .getRepository(UserEntity)
      .update({ id: userId, role: 'user' }, { role: 'admin' });
    if (promoted.affected === 1)
      await this.securityLog.record(tx, { type: 'role_changed', userId, details: { role: 'admin' } });
  }

  /** `ADMIN_EMAILS` names the address. */
  isFirstAdmin(email: string): boolean {
    return this.config.adminEmails.includes(email);
  }

  /** One query, whether the address is known or not. Suspended accounts are found: they are told so, once proven. */
  async findForSignIn(email: string): Promise<SignInAccount | null> {
    const user = await this.dataSource
      .getRepository(UserEntity)
      .createQueryBuilder('user')
      .leftJoinAndMapOne('user.password', PasswordEntity, 'password', 'password.userId = user.id')
      .addSelect(['password.scheme', 'password.hash'])
      .where('user.email = :email AND user.deletedAt IS NULL', { email })
      .getOne();
    if (user === null) return null;
    const { password } = user as UserEntity & { password?: PasswordEntity | null };
    const hashed = password ? { scheme: password.scheme, hash: password.hash as PasswordHash } : null;
    return { user, password: hashed };
  }

  /** The stored password of an account; null where it has none. */
  async findPassword(userId: string): Promise<HashedPassword | null> {
    const row = await this.dataSource
      .getRepository(PasswordEntity)
      .findOne({ where: { userId }, select: { userId: true, scheme: true, hash: true } });
    return row === null ? null : { scheme: row.scheme, hash: row.hash as PasswordHash };
  }

  /** Neither suspended nor deleted. */
  findActive(id: string): Promise<UserEntity | null> {
    return this.dataSource
      .getRepository(UserEntity)
      .findOneBy({ id, deletedAt: IsNull(), suspendedAt: IsNull() });
  }

  /** Also a suspended one; never a deleted one. */
  findById(id: string): Promise<UserEntity | null> {
    return this.dataSource.getRepository(UserEntity).findOneBy({ id, deletedAt: IsNull() });
  }

  /** The role that the account has now; null where it is suspended or gone. */
  async roleOf(userId: string): Promise<Role | null> {
    const sql = 'SELECT role FROM users WHERE id = $1 AND deleted_at IS NULL AND suspended_at IS NULL';
    return (await firstRow<{ role: Role }>(this.dataSource, sql, [userId]))?.role ?? null;
  }

  /** In development nobody reads mail, so there the address alone makes the first admin. */
  private firstRole({ email, emailVerified }: NewAccount): Role {
    if (email === null || !this.config.adminEmails.includes(email)) return 'user';
    return emailVerified || !this.config.production ? 'admin' : 'user';
  }
}

/** Translates a lost race for a name or an address. */
export async function refuseTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (violatesUnique(error, 'users_username_key')) throw new UsernameTaken();
    if (violatesUnique(error, 'users_email_key')) throw new EmailTaken();
    throw error;
  }
}
