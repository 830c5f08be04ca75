import { Injectable } from '@nestjs/common';
import type { KeyStatementJson } from '@sealgate/protocol';
import { DataSource } from 'typeorm';
import { NotFound } from '../../common/problem/common.errors.js';
import { prepared, rows, type Queryable } from '../../database/rows.js';
import { KeyLog, type LoggedLeaf } from '../key-log/key-log.service.js';
import { isLiveAccount } from '../live-account.js';
import { KeyStatements } from './key-statements.service.js';

/** The keys that messages to an account are sealed to now. */
export interface CurrentKeys {
  readonly version: number;
  readonly encryptionKid: string;
  readonly signingKid: string;
}

/** What the server holds of an account's keys, for its owner. */
export interface ExportedKeys {
  readonly statements: readonly { statement: KeyStatementJson; logIndex: number; createdAt: Date }[];
}

/** People's public keys, for whoever writes to them. */
@Injectable()
export class KeysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: KeyStatements,
    private readonly log: KeyLog,
  ) {}

  /**
   * An account's statements, oldest first, each proven against the log's newest head.
   * @throws NotFound for an account that there is not, or no longer
   */
  async list(userId: string): Promise<{ statement: KeyStatementJson; leaf: LoggedLeaf }[]> {
    if (!(await isLiveAccount(this.dataSource, userId))) throw new NotFound();
    // Statements first: the head that is read after them covers them all.
    const found = await this.statements.list(userId);
    const leaves = await this.log.prove(found.map(({ logIndex }) => logIndex));
    return leaves.flatMap((leaf, i) => {
      const row = found[i];
      return row === undefined ? [] : [{ statement: row.statement, leaf }];
    });
  }

  /** The newest keys of these users; who has none is missing from the answer. */
  async currentKeys(userIds: readonly string[]): Promise<Map<string, CurrentKeys>> {
    if (userIds.length === 0) return new Map();
    const found = await rows<CurrentKeys & { userId: string }>(this.dataSource, CURRENT_KEYS, [userIds]);
    return new Map(found.map(({ userId, ...keys }) => [userId, keys]));
  }

  /** Those of these users who have keys, so that one can write to them. */
  async hasKeys(db: Queryable, userIds: readonly string[]): Promise<Set<string>> {
    const found = await rows<{ userId: string }>(
      db,
      `SELECT user_id AS "userId" FROM key_statements WHERE user_id = ANY($1::uuid[]) AND version = 1`,
      [userIds],
    );
    return new Set(found.map(({ userId }) => userId));
  }

  /** Removes a deleted account's statements. The log's hashes stay, and no kid is ever given again. */
  async erase(tx: Queryable, userId: string): Promise<void> {
    await tx.query('DELETE FROM key_statements WHERE user_id = $1', [userId]);
  }

  async export(userId: string): Promise<ExportedKeys> {
    const found = await this.statements.list(userId);
    return {
      statements: found.map(({ statement, logIndex, createdAt }) => ({ statement, logIndex, createdAt })),
    };
  }
}

/**
 * SQL for the newest keys of many.
 * @param wanted SQL that names them in a column `user_id`.
 */
export function currentKeysOf(wanted: string): string {
  return `
    SELECT newest.user_id AS "userId", newest.version, newest.kid_encryption AS "encryptionKid",
           newest.kid_signing AS "signingKid"
    FROM (${wanted}) AS wanted
    CROSS JOIN LATERAL (
      SELECT * FROM key_statements WHERE user_id = wanted.user_id ORDER BY version DESC LIMIT 1
    ) AS newest`;
}

const CURRENT_KEYS = prepared('current-keys', currentKeysOf('SELECT unnest($1::uuid[]) AS user_id'));
