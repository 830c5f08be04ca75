import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { firstRow } from '../database/rows.js';
import { AccountHooks, type AccountEnd, type AccountHook } from '../users/account-hooks.js';
import { RecoveryCodes } from './recovery-codes.service.js';

/** Takes the second factor of a deleted account with it, and tells of it, without the secret, in an export. */
@Injectable()
export class AccountSecondFactor implements AccountHook, OnModuleInit {
  readonly name = 'secondFactor';

  constructor(
    private readonly hooks: AccountHooks,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.hooks.register(this);
  }

  async ending(tx: EntityManager, userId: string, end: AccountEnd): Promise<void> {
    if (end !== 'deleted') return;
    await this.recoveryCodes.remove(tx, userId);
    await tx.query('DELETE FROM two_factor WHERE user_id = $1', [userId]);
  }

  async export(userId: string): Promise<unknown> {
    const sql = 'SELECT enabled_at AS "enabledAt" FROM two_factor WHERE user_id = $1';
    const row = await firstRow<{ enabledAt: Date | null }>(this.dataSource, sql, [userId]);
    return {
      enabledAt: row?.enabledAt ?? null,
      recoveryCodesLeft: await this.recoveryCodes.left(this.dataSource, userId),
    };
  }
}
