import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { rows } from '../database/rows.js';
import { AccountHooks, type AccountEnd, type AccountHook, type AfterCommit } from '../users/account-hooks.js';
import { RevocationView } from './sessions/revocation-view.js';
import { SessionsService } from './sessions/sessions.service.js';

/** Ends the sessions of a suspended or deleted account at once, and tells them in its export. */
@Injectable()
export class AccountSessions implements AccountHook, OnModuleInit {
  readonly name = 'sessions';

  constructor(
    private readonly hooks: AccountHooks,
    private readonly sessions: SessionsService,
    private readonly view: RevocationView,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.hooks.register(this);
  }

  async ending(tx: EntityManager, userId: string, end: AccountEnd): Promise<AfterCommit> {
    const ids = await this.sessions.endAll(tx, userId, end);
    // The rows stay until they are swept: the view of revocations is rebuilt from them.
    if (end === 'deleted')
      await tx.query(`UPDATE sessions SET ip = '', user_agent = '' WHERE user_id = $1`, [userId]);
    return () => ids.forEach((id) => this.view.add(id));
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
