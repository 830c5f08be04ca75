import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

export type ChatKind = 'direct' | 'group';

/** A conversation. Its row lock gives the messages their order and keeps its members as they are meanwhile. */
@Entity('chats')
@Index('chats_closed_at_idx', ['closedAt'], { where: 'closed_at IS NOT NULL' })
export class ChatEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'chats_pkey' })
  id!: string;

  @Column('text')
  kind!: ChatKind;

  /** Null in a direct chat. */
  @Column('text', { nullable: true })
  title!: string | null;

  /** Null in a direct chat, and once closed. */
  @Column('uuid', { nullable: true })
  ownerId!: string | null;

  /** Of the newest message; 0 before the first. */
  @Column('bigint')
  lastSeq!: number;

  @Column('timestamptz')
  createdAt!: Date;

  /** When the last member left: nobody can read it any more, and it is cleared away. */
  @Column('timestamptz', { nullable: true })
  closedAt!: Date | null;
}

/** The one direct chat of two people: the primary key decides who of two creators comes first. */
@Entity('direct_chats')
@Unique('direct_chats_chat_id_key', ['chatId'])
export class DirectChatEntity {
  /** The smaller of the two ids. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'direct_chats_pkey' })
  lowId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'direct_chats_pkey' })
  highId!: string;

  @Column('uuid')
  chatId!: string;
}
