import { Injectable } from '@nestjs/common';
import { NotFound } from '../../common/problem/common.errors.js';
import { KeysService } from '../../crypto/account-keys/keys.service.js';
import { rows, type Queryable } from '../../database/rows.js';
import { UserWithoutKeys } from '../messages.errors.js';

/** Who can be in a chat. */
@Injectable()
export class People {
  constructor(private readonly keys: KeysService) {}

  /**
   * Keeps these accounts as they are until the transaction ends: none is suspended or deleted, and none registers a
   * key, since whoever does is to tell the members of this chat too.
   * @throws NotFound where one is unknown, suspended or deleted; UserWithoutKeys
   */
  async hold(tx: Queryable, userIds: readonly string[]): Promise<void> {
    const found = await rows(
      tx,
      `SELECT id FROM users WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL AND suspended_at IS NULL
       ORDER BY id FOR NO KEY UPDATE`,
      [userIds],
    );
    if (found.length < userIds.length) throw new NotFound();
    const withKeys = await this.keys.hasKeys(tx, userIds);
    const without = userIds.filter((userId) => !withKeys.has(userId));
    if (without.length > 0) throw new UserWithoutKeys(without);
  }
}
