import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One member's way into a message. */
export interface StoredRecipient {
  readonly kid: string;
  readonly key: string;
  /** Where the message stands in the order of that member's events. */
  readonly position: number;
}

/** A message; hash-partitioned by chat. */
@Entity('messages')
export class MessageEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'messages_pkey' })
  chatId!: string;

  /** 1, 2, 3 … without a gap. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'messages_pkey' })
  seq!: number;

  @Column('uuid')
  id!: string;

  @Column('uuid')
  senderId!: string;

  @Column('timestamptz')
  sentAt!: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;

  /** The envelope's members besides `recipients`, as JSON without the braces; null once deleted. */
  @Column('text', { nullable: true, select: false })
  sealed!: string | null;

  /** By user id: each reader is given the own one. Empty once deleted. */
  @Column('jsonb', { select: false })
  recipients!: Record<string, StoredRecipient>;

  @Column('integer')
  recipientCount!: number;
}

/** An id that a client gave a message: it names that message for good. */
@Entity('message_ids')
@Index('message_ids_sender_id_chat_id_seq_idx', ['senderId', 'chatId', 'seq'])
export class MessageIdEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'message_ids_pkey' })
  id!: string;

  @Column('uuid')
  chatId!: string;

  @Column('bigint')
  seq!: number;

  @Column('uuid')
  senderId!: string;

  /** SHA-256 over what was sent: tells a retry from a second message. */
  @Column('bytea')
  digest!: Buffer;
}
