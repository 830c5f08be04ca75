import { Injectable } from '@nestjs/common';
import { NotFound } from '../../common/problem/common.errors.js';
import { KeysService } from '../../crypto/account-keys/keys.service.js';
import { rows, type Queryable } from '../../database/rows.js';
import { Blocks } from '../blocks/blocks.service.js';
import { UserWithoutKeys } from '../messages.errors.js';

/** Who can be in a chat. */
@Injectable()
export class People {
  constructor(
    private readonly keys: KeysService,
    private readonly blocks: Blocks,
  ) {}

  /**
   * Keeps these accounts as they are until the transaction ends: none is suspended or deleted, and none registers a
   * key, since whoever does is to tell the members of this chat too.
   * @param actorId who brings them together.
   * @throws NotFound where one is unknown, suspended or deleted; Blocked; UserWithoutKeys
   */
  async hold(tx: Queryable, actorId: string, userIds: readonly string[]): Promise<void> {
    const found = await rows(
      tx,
      `SELECT id FROM users WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL AND suspended_at IS NULL
       ORDER BY id FOR NO KEY UPDATE`,
      [userIds],
    );
    if (found.length < userIds.length) throw new NotFound();
    await this.blocks.requireNone(tx, actorId, userIds);
    const withKeys = await this.keys.hasKeys(tx, userIds);
    const without = userIds.filter((userId) => !withKeys.has(userId));
    if (without.length > 0) throw new UserWithoutKeys(without);
  }
}
