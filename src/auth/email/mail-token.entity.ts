import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What the link in a mail allows. */
export type MailTokenPurpose = 'verify_email' | 'reset_password' | 'change_email';

/** The token of a mail link: single use, bound to the address that it was sent to. */
@Entity('mail_tokens')
export class MailTokenEntity {
  /** SHA-256; of 256 random bits that needs no salt and no slowness. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'mail_tokens_pkey' })
  hash!: Buffer;

  @Index('mail_tokens_user_id_idx')
  @Column('uuid')
  userId!: string;

  @Column('text')
  purpose!: MailTokenPurpose;

  @Column('text')
  email!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Index('mail_tokens_expires_at_idx')
  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  usedAt!: Date | null;
}
