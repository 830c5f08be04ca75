import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type EntitySubscriberInterface, type InsertEvent } from 'typeorm';
import { firstRow, prepared, rows } from '../../database/rows.js';
import type { NoticeName } from '../../mail/core/mail.js';
import { MailOutbox } from '../../mail/mail-outbox.service.js';
import { SecurityEventEntity, type SecurityEventType } from '../../security-log/security-event.entity.js';
import { deviceName } from '../sessions/device-name.js';
import { isNewDevice, type PastSignIn } from './core/new-device.js';
import { EmailVerification } from './email-verification.service.js';

const EARLIER_EVENTS = 200;

/** What is told whenever it happens. */
const NOTICES: Partial<Record<SecurityEventType, NoticeName>> = {
  password_changed: 'password_changed',
  password_reset: 'password_reset',
  two_factor_enabled: 'two_factor_enabled',
  two_factor_disabled: 'two_factor_disabled',
  recovery_code_used: 'recovery_code_used',
  recovery_codes_regenerated: 'recovery_codes_regenerated',
  second_factor_locked: 'second_factor_locked',
  identity_linked: 'identity_linked',
  identity_unlinked: 'identity_unlinked',
  refresh_token_reused: 'session_stolen',
  keys_reset: 'keys_reset',
  backup_deleted: 'backup_deleted',
  role_changed: 'role_changed',
};

/**
 * What the security log records, its owner is told by mail, in the same transaction: whoever records cannot forget
 * it, and what was rolled back is not told. A changed address has its own way, as two addresses are told.
 */
@Injectable()
export class SecurityNotices implements EntitySubscriberInterface<SecurityEventEntity> {
  constructor(
    dataSource: DataSource,
    private readonly outbox: MailOutbox,
    private readonly verification: EmailVerification,
  ) {
    dataSource.subscribers.push(this);
  }

  listenTo(): typeof SecurityEventEntity {
    return SecurityEventEntity;
  }

  async afterInsert({ entity: event, manager: tx }: InsertEvent<SecurityEventEntity>): Promise<void> {
    if (event.userId === null) return;
    if (event.type === 'account_registered') return this.askForAddress(tx, event.userId);
    const kind = await noticeOf(tx, event);
    if (kind === null) return;
    const email = await emailOf(tx, event.userId);
    if (email === null) return;
    const { createdAt, userAgent, ip } = event;
    const device = userAgent === null ? null : deviceName(userAgent);
    await this.outbox.enqueue(tx, email, { kind, occasion: { at: createdAt.toISOString(), device, ip } });
  }

  /** However the account came to be: by registering, through 42, or made by an admin. */
  private async askForAddress(tx: EntityManager, userId: string): Promise<void> {
    const sql = 'SELECT email FROM users WHERE id = $1 AND email IS NOT NULL AND email_verified_at IS NULL';
    const unverified = await firstRow<{ email: string }>(tx, sql, [userId]);
    if (unverified !== null) await this.verification.sendLink(tx, { userId, email: unverified.email });
  }
}

/** @returns null where the event needs no mail. */
async function noticeOf(tx: EntityManager, event: SecurityEventEntity): Promise<NoticeName | null> {
  // The first keys of an account replace none.
  if (event.type === 'keys_registered') return event.details['version'] === 1 ? null : 'keys_changed';
  if (event.type === 'sign_in_succeeded')
    return isNewDevice(event, await earlierSignIns(tx, event)) ? 'new_sign_in' : null;
  return NOTICES[event.type] ?? null;
}

function earlierSignIns(tx: EntityManager, { id, userId }: SecurityEventEntity): Promise<PastSignIn[]> {
  return rows(tx, EARLIER_SIGN_INS, [userId, id]);
}

/** Each device and address once: most people sign in with the same one again and again. */
const EARLIER_SIGN_INS = prepared(
  'earlier-sign-ins',
  `SELECT DISTINCT ip, user_agent AS "userAgent" FROM (
     SELECT type, ip, user_agent FROM security_events WHERE user_id = $1 AND id < $2
     ORDER BY id DESC LIMIT ${EARLIER_EVENTS}) AS recent
   WHERE type = 'sign_in_succeeded'`,
);

async function emailOf(tx: EntityManager, userId: string): Promise<string | null> {
  const sql = 'SELECT email FROM users WHERE id = $1 AND deleted_at IS NULL';
  return (await firstRow<{ email: string | null }>(tx, sql, [userId]))?.email ?? null;
}
