import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { keyedDigest, type KeyedDigest } from '../common/keyed-digest.js';
import { Clock } from '../common/time/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { firstRow, rows, type Queryable } from '../database/rows.js';

/**
 * The usernames of deleted accounts: not given again, and not kept either. What is kept is HMAC(key, SHA-256(name)), so
 * that the rows of earlier versions, the SHA-256 alone, could be keyed without the names.
 */
@Injectable()
export class RetiredUsernames implements OnApplicationBootstrap {
  private readonly digest: KeyedDigest;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    @Inject(CONFIG) { secrets }: Config,
  ) {
    this.digest = keyedDigest(secrets.passwordPepper, 'retired usernames');
  }

  /** Also what a replica of an earlier version adds while the others are new: at the next start. */
  async onApplicationBootstrap(): Promise<void> {
    const plain = await rows<{ digest: Buffer }>(
      this.dataSource,
      'SELECT digest FROM retired_usernames WHERE NOT keyed',
    );
    for (const { digest } of plain)
      await this.dataSource.query(
        'UPDATE retired_usernames SET digest = $2, keyed = true WHERE digest = $1 AND NOT keyed',
        [digest, this.digest(digest)],
      );
  }

  async retire(tx: Queryable, username: string): Promise<void> {
    await tx.query(
      `INSERT INTO retired_usernames (digest, keyed, retired_at) VALUES ($1, true, $2)
       ON CONFLICT ON CONSTRAINT retired_usernames_pkey DO NOTHING`,
      [this.digest(sha256(username)), this.clock.now()],
    );
  }

  async has(db: Queryable, username: string): Promise<boolean> {
    const plain = sha256(username);
    const sql =
      'SELECT 1 FROM retired_usernames WHERE (digest = $1 AND keyed) OR (digest = $2 AND NOT keyed)';
    return (await firstRow(db, sql, [this.digest(plain), plain])) !== null;
  }
}

function sha256(username: string): Buffer {
  return createHash('sha256').update(username).digest();
}
