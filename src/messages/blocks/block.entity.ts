import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody does not want to hear from somebody; gone with either account. */
@Entity('blocks')
export class BlockEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'blocks_pkey' })
  blockerId!: string;

  @Index('blocks_blocked_id_idx')
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'blocks_pkey' })
  blockedId!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
