import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { rows } from '../database/rows.js';
import { AccountHooks, type AccountEnd, type AccountHook } from '../users/account-hooks.js';
import { SessionsService } from './sessions/sessions.service.js';

/** Ends the sessions of a suspended or deleted account at once, and tells them in its export. */
@Injectable()
export class AccountSessions implements AccountHook, OnModuleInit {
  readonly name = 'sessions';

  constructor(
    private readonly hooks: AccountHooks,
    private readonly sessions: SessionsService,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.hooks.register(this);
  }

  async ending(tx: EntityManager, userId: string, end: AccountEnd): Promise<void> {
    await this.sessions.endAll(tx, userId, end);
  }

  export(userId: string): Promise<unknown> {
    return rows(
      this.dataSource,
      `SELECT id, method, amr, ip, user_agent AS "userAgent", created_at AS "createdAt",
         last_seen_at AS "lastSeenAt", revoked_at AS "endedAt", revoked_reason AS "endedReason"
       FROM sessions WHERE user_id = $1 ORDER BY id`,
      [userId],
    );
  }
}
