import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { NotFound, ValidationFailed } from '../../common/problem/common.errors.js';
import { Clock } from '../../common/time/clock.js';
import { firstRow, rows, type Queryable } from '../../database/rows.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { BackupConflict } from '../crypto.errors.js';
import { holdLiveAccount } from '../live-account.js';
import { BackupEntity } from './backup.entity.js';

/** Ten times what two key pairs with two slots take. */
const MAX_BACKUP_BYTES = 64 * 1024;

/** A backup as its owner reads it. */
export interface StoredBackup {
  readonly version: number;
  readonly backup: Record<string, unknown>;
  readonly updatedAt: Date;
}

/** Backups that only their owners can open, written by whoever has read the newest one. */
@Injectable()
export class BackupService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly securityLog: SecurityLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @param version the version that was read, 0 for none.
   * @returns the version that it has now.
   * @throws BackupConflict where another device has written since; of two at once, one wins
   */
  async put(
    version: number,
    backup: Record<string, unknown>,
    caller: Principal,
    client: ClientInfo,
  ): Promise<number> {
    const text = JSON.stringify(backup);
    if (Buffer.byteLength(text) > MAX_BACKUP_BYTES)
      throw new ValidationFailed([{ pointer: '/backup', detail: 'backup must have at most 64 KiB' }]);
    return this.dataSource.transaction(async (tx) => {
      await holdLiveAccount(tx, caller.userId);
      if (!(await this.write(tx, caller.userId, version, text))) throw new BackupConflict();
      await this.record(tx, 'backup_changed', caller, client, { version: version + 1 });
      return version + 1;
    });
  }

  /** @throws NotFound */
  async get(userId: string): Promise<StoredBackup> {
    const stored = await this.export(userId);
    if (stored === null) throw new NotFound();
    return stored;
  }

  /** Nothing to delete is no error: it is gone, as asked. */
  async delete(caller: Principal, client: ClientInfo): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const sql = 'DELETE FROM backups WHERE user_id = $1 RETURNING version';
      const deleted = await firstRow<{ version: number }>(tx, sql, [caller.userId]);
      if (deleted !== null) await this.record(tx, 'backup_deleted', caller, client, deleted);
    });
  }

  /** Removes a deleted account's backup. */
  async erase(tx: Queryable, userId: string): Promise<void> {
    await tx.query('DELETE FROM backups WHERE user_id = $1', [userId]);
  }

  /** The backup, or null where there is none. */
  async export(userId: string): Promise<StoredBackup | null> {
    const row = await this.dataSource.getRepository(BackupEntity).findOneBy({ userId });
    if (row === null) return null;
    const backup = JSON.parse(row.backup) as Record<string, unknown>;
    return { version: row.version, backup, updatedAt: row.updatedAt };
  }

  /** One conditional statement: between a read and a write another device could write. */
  private async write(tx: Queryable, userId: string, version: number, text: string): Promise<boolean> {
    const sql =
      version === 0
        ? `INSERT INTO backups (user_id, version, backup, updated_at) VALUES ($1, $2 + 1, $3, $4)
           ON CONFLICT ON CONSTRAINT backups_pkey DO NOTHING RETURNING version`
        : `UPDATE backups SET version = $2 + 1, backup = $3, updated_at = $4
           WHERE user_id = $1 AND version = $2 RETURNING version`;
    return (await rows(tx, sql, [userId, version, text, this.clock.now()])).length === 1;
  }

  private record(
    tx: EntityManager,
    type: 'backup_changed' | 'backup_deleted',
    caller: Principal,
    client: ClientInfo,
    details: { version: number },
  ): Promise<void> {
    const { userId, sessionId } = caller;
    return this.securityLog.record(tx, { type, userId, sessionId, client, details });
  }
}
