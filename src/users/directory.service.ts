import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, toPage, type Page } from '../common/http/paging.js';
import { isUuid } from '../common/ids.js';
import { NotFound, ValidationFailed } from '../common/problem/common.errors.js';
import { rows } from '../database/rows.js';
import { AccountsService } from './accounts.service.js';
import { KeyHolders } from './key-holders.service.js';
import type { PublicUserView } from './user-views.dto.js';
import { toAdminView, toPublicView, USER_COLUMNS, type UserRow } from './user-views.js';
import type { DirectoryQuery } from './users.dto.js';

/** The list has two parts, each in the order of its index: matches by username, then the others by display name. */
type Part = 'username' | 'name';
type Found = UserRow & { part: Part; key: string };
type Position = { part: Part; key: string; id: string };

/** One statement's conditions and their parameters. */
interface Search {
  readonly isAdmin: boolean;
  readonly query: string;
  readonly after: Position | null;
}

/** Who has an account here. */
@Injectable()
export class DirectoryService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly keyHolders: KeyHolders,
  ) {}

  /**
   * Prefix search. A row's place depends on the row alone, so rows added meanwhile neither shift nor repeat others.
   * Suspended accounts are listed for admins only; by id they stay visible, as others have messages of them.
   */
  async search(callerId: string, { query, limit, cursor }: DirectoryQuery): Promise<Page<PublicUserView>> {
    const isAdmin = await this.isAdmin(callerId);
    const after = cursor === undefined ? null : readPosition(cursor);
    const search = { isAdmin, query: (query ?? '').normalize('NFC').trim(), after };
    const found: Found[] = [];
    if (after?.part !== 'name') found.push(...(await this.byUsername(search, limit + 1)));
    if (search.query !== '' && found.length <= limit)
      found.push(...(await this.byDisplayName(search, limit + 1 - found.length)));
    const view = await this.viewFor(isAdmin, found);
    return toPage(found, limit, ({ part, key, id }) => [part, key, id], view);
  }

  /** @throws NotFound also for a deleted account. */
  async get(callerId: string, id: string): Promise<PublicUserView> {
    const user = await this.accounts.findById(id);
    if (user === null) throw new NotFound();
    return (await this.viewFor(await this.isAdmin(callerId), [user]))(user);
  }

  private byUsername({ isAdmin, query, after }: Search, limit: number): Promise<Found[]> {
    const lowered = query.toLowerCase();
    // Usernames have no "@": for admins such a query is an address.
    const [match, value] =
      isAdmin && query.includes('@') ? ['email = $1', lowered] : ['username LIKE $1', prefix(lowered)];
    return rows(
      this.dataSource,
      `SELECT ${USER_COLUMNS}, 'username' AS part, username AS key FROM users
       WHERE deleted_at IS NULL AND (suspended_at IS NULL OR $2) AND ${match} AND username ~>~ $3
       ORDER BY username USING ~<~ LIMIT $4`,
      [value, isAdmin, after?.key ?? '', limit],
    );
  }

  private byDisplayName({ isAdmin, query, after }: Search, limit: number): Promise<Found[]> {
    const from = after?.part === 'name' ? after : { key: '', id: '00000000-0000-0000-0000-000000000000' };
    return rows(
      this.dataSource,
      `SELECT ${USER_COLUMNS}, 'name' AS part, lower(display_name) AS key FROM users
       WHERE deleted_at IS NULL AND (suspended_at IS NULL OR $3)
         AND lower(display_name) LIKE lower($2) AND username NOT LIKE $1
         AND lower(display_name) ~>=~ $4 AND (lower(display_name) <> $4 OR id > $5)
       ORDER BY lower(display_name) USING ~<~, id LIMIT $6`,
      [prefix(query.toLowerCase()), prefix(query), isAdmin, from.key, from.id, limit],
    );
  }

  private async isAdmin(userId: string): Promise<boolean> {
    return (await this.accounts.roleOf(userId)) === 'admin';
  }

  private async viewFor(
    isAdmin: boolean,
    users: readonly UserRow[],
  ): Promise<(user: UserRow) => PublicUserView> {
    const holders = await this.keyHolders.among(users.map(({ id }) => id));
    const toView = isAdmin ? toAdminView : toPublicView;
    return (user) => toView(user, holders.has(user.id));
  }
}

/** A LIKE pattern for the beginning of a text, in which `%`, `_` and `\` mean themselves. */
function prefix(text: string): string {
  return `${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** @throws ValidationFailed where a client made the cursor up: PostgreSQL would fail on a NUL or a bad id. */
function readPosition(cursor: string): Position {
  const [part, key, id] = decodeCursor(cursor, ['string', 'string', 'string']) as string[];
  if (
    (part === 'username' || part === 'name') &&
    key !== undefined &&
    !/[\p{Cc}\p{Surrogate}]/u.test(key) &&
    isUuid(id)
  )
    return { part, key, id };
  throw new ValidationFailed([{ pointer: '/cursor', detail: 'cursor must be a nextCursor of this list' }]);
}
