import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody's place in a chat; gone when the person leaves. */
@Entity('chat_members')
@Index('chat_members_user_id_chat_id_idx', ['userId', 'chatId'])
export class ChatMemberEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'chat_members_pkey' })
  chatId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'chat_members_pkey' })
  userId!: string;

  @Column('timestamptz')
  joinedAt!: Date;

  /** The chat's `lastSeq` when joining: the member reads what comes after. */
  @Column('bigint')
  joinedSeq!: number;

  @Column('bigint')
  lastReadSeq!: number;

  /**
   * How many messages after `lastReadSeq` do not count as unread: the member's own, and others' tombstones. With it
   * the unread ones are a subtraction, since `seq` has no gaps.
   */
  @Column('bigint')
  exemptCount!: number;
}
