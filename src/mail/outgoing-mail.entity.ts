import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A mail, or a task that ends in one, until it is sent or given up. */
@Entity('mail_outbox')
export class OutgoingMailEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mail_outbox_pkey' })
  id!: string;

  /** A template's name or a task's. */
  @Column('text')
  kind!: string;

  @Index('mail_outbox_recipient_idx')
  @Column('text')
  recipient!: string;

  /** Sealed: links carry tokens. */
  @Column('bytea', { select: false })
  payload!: Buffer;

  @Column('integer')
  attempts!: number;

  @Index('mail_outbox_next_attempt_at_idx')
  @Column('timestamptz')
  nextAttemptAt!: Date;

  /** Later, it would be of no use. */
  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz')
  createdAt!: Date;
}
