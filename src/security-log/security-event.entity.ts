import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What the security log knows; the names are part of the contract with clients. */
export type SecurityEventType =
  | 'account_registered'
  | 'account_suspended'
  | 'account_restored'
  | 'account_deleted'
  | 'sign_in_succeeded'
  | 'sign_in_failed'
  | 'reauthenticated'
  | 'second_factor_failed'
  | 'second_factor_locked'
  | 'two_factor_enabled'
  | 'two_factor_disabled'
  | 'two_factor_skipped'
  | 'recovery_code_used'
  | 'recovery_codes_regenerated'
  | 'password_changed'
  | 'password_reset_requested'
  | 'password_reset'
  | 'email_verified'
  | 'email_change_requested'
  | 'email_changed'
  | 'identity_linked'
  | 'identity_unlinked'
  | 'session_revoked'
  | 'sessions_revoked'
  | 'signed_out'
  | 'refresh_token_reused'
  | 'keys_registered'
  | 'keys_reset'
  | 'backup_changed'
  | 'backup_deleted'
  | 'role_changed';

/** One line of the security log. */
@Entity('security_events')
@Index('security_events_user_id_id_idx', ['userId', 'id'])
export class SecurityEventEntity {
  /** UUIDv7: the log's order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'security_events_pkey' })
  id!: string;

  @Column('uuid', { nullable: true })
  userId!: string | null;

  @Column('uuid', { nullable: true })
  sessionId!: string | null;

  @Column('text')
  type!: SecurityEventType;

  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('text', { nullable: true })
  userAgent!: string | null;

  /** Ids and names of rules only; never a secret or personal data. */
  @Column('jsonb')
  details!: Record<string, unknown>;

  @Column('timestamptz')
  createdAt!: Date;
}
