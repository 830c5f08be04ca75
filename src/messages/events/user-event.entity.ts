import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** `tombstone`: a message that was deleted since; clients are told of both as `message`. */
export type EventKind = 'message' | 'tombstone' | 'read' | 'chat' | 'keys';

/** How far a user's order of events has come. */
@Entity('user_event_heads')
export class UserEventHeadEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'user_event_heads_pkey' })
  userId!: string;

  @Column('bigint')
  position!: number;
}

/** That something happened which a user is told of: what exactly is read when it is told. Hash-partitioned by user. */
@Entity('user_events')
@Index('user_events_created_at_idx', { synchronize: false })
export class UserEventEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'user_events_pkey' })
  userId!: string;

  /** 1, 2, 3 … without a gap, in the order of the commits. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'user_events_pkey' })
  position!: number;

  @Column('text')
  kind!: EventKind;

  @Column('uuid', { nullable: true })
  chatId!: string | null;

  /** The message's `seq`, the `lastReadSeq`, or the keys' version. */
  @Column('bigint', { nullable: true })
  number!: number | null;

  /** Who sent, read or has new keys. */
  @Column('uuid', { nullable: true })
  actorId!: string | null;

  /** Of a tombstone: where the message stood before. */
  @Column('bigint', { nullable: true })
  firstPosition!: number | null;

  @Column('timestamptz')
  createdAt!: Date;
}
