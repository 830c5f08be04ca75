import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The newest state of the key log: one row. */
@Entity('key_log_head')
export class KeyLogHeadEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'key_log_head_pkey' })
  id!: number;

  /** How many leaves there are. */
  @Column('bigint')
  size!: number;

  /** The Merkle tree's hash over all of them. */
  @Column('bytea')
  root!: Buffer;

  /** Size and root as a signed note. */
  @Column('text')
  checkpoint!: string;
}
