import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** What a leaf of the key log says: this user's statement of this version has this hash. */
@Entity('key_log_leaves')
@Unique('key_log_leaves_user_id_version_key', ['userId', 'version'])
export class KeyLogLeafEntity {
  /** From 0 on, without gaps. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'key_log_leaves_pkey' })
  index!: number;

  @Column('uuid')
  userId!: string;

  @Column('integer')
  version!: number;

  /** SHA-256 of the statement's payload bytes. */
  @Column('bytea')
  statementHash!: Buffer;

  @Column('timestamptz')
  createdAt!: Date;
}
