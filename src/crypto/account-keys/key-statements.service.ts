import { Injectable } from '@nestjs/common';
import type { EncryptionJwk, KeyStatementJson, SigningJwk, VerifiedKeyStatement } from '@sealgate/protocol';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { firstRow, rows } from '../../database/rows.js';
import { violatesUnique } from '../../database/sqlstate.js';
import { KeyAlreadyRegistered, KeyVersionConflict } from '../crypto.errors.js';
import { KeyLog, type LoggedLeaf } from '../key-log/key-log.service.js';
import { AccountKidEntity } from './account-kid.entity.js';
import { KeyStatementEntity } from './key-statement.entity.js';
import { payloadOf } from './payload-of.js';

/** The rows of accepted statements; whoever adds one has verified it. */
@Injectable()
export class KeyStatements {
  constructor(
    private readonly dataSource: DataSource,
    private readonly log: KeyLog,
    private readonly clock: Clock,
  ) {}

  /** An account's statements, oldest first. */
  async list(userId: string): Promise<KeyStatementEntity[]> {
    return this.dataSource
      .getRepository(KeyStatementEntity)
      .find({ where: { userId }, order: { version: 'ASC' } });
  }

  async latest(userId: string): Promise<KeyStatementEntity | null> {
    return this.dataSource
      .getRepository(KeyStatementEntity)
      .findOne({ where: { userId }, order: { version: 'DESC' } });
  }

  /** Whether any of these was registered before, by anyone, for whatever use. */
  async knowsAny(kids: readonly string[]): Promise<boolean> {
    const sql = 'SELECT 1 FROM account_kids WHERE kid = ANY($1) LIMIT 1';
    return (await firstRow(this.dataSource, sql, [kids])) !== null;
  }

  /**
   * Appends to the log and keeps the statement. The constraints, not the checks before, decide between two that come
   * at once; since appending makes them take turns, the second one finds the first.
   * @throws KeyVersionConflict, KeyAlreadyRegistered
   */
  async add(tx: EntityManager, statement: VerifiedKeyStatement): Promise<LoggedLeaf> {
    const { payload, payloadHash, kids, json } = statement;
    const { user, version, reset } = payload;
    try {
      const leaf = await this.log.append(tx, { v: 1, user, version, statement: payloadHash });
      await tx.getRepository(AccountKidEntity).insert([
        { kid: kids.encryption, userId: user, version, use: 'enc' },
        { kid: kids.signing, userId: user, version, use: 'sig' },
      ]);
      await tx.getRepository(KeyStatementEntity).insert({
        userId: user,
        version,
        statement: json as object,
        payloadHash: Buffer.from(payloadHash, 'base64url'),
        kidEncryption: kids.encryption,
        kidSigning: kids.signing,
        reset,
        logIndex: leaf.index,
        createdAt: this.clock.now(),
      });
      return leaf;
    } catch (error) {
      if (violatesUnique(error, 'key_log_leaves_user_id_version_key')) throw new KeyVersionConflict(error);
      if (violatesUnique(error, 'account_kids_pkey')) throw new KeyAlreadyRegistered(error);
      throw error;
    }
  }

  /** A signing key of this user by its kid, of any version. */
  async signingKey(userId: string, kid: string): Promise<SigningJwk | undefined> {
    const row = await firstRow<{ statement: KeyStatementJson }>(
      this.dataSource,
      'SELECT statement FROM key_statements WHERE user_id = $1 AND kid_signing = $2',
      [userId, kid],
    );
    return row === null ? undefined : payloadOf(row.statement).signingKey;
  }

  /** The registered encryption keys with these kids. */
  async encryptionKeys(kids: readonly string[]): Promise<EncryptionJwk[]> {
    const found = await rows<{ statement: KeyStatementJson }>(
      this.dataSource,
      `SELECT statement FROM account_kids JOIN key_statements USING (user_id, version)
       WHERE kid = ANY($1) AND use = 'enc'`,
      [kids],
    );
    return found.map(({ statement }) => payloadOf(statement).encryptionKey);
  }
}
