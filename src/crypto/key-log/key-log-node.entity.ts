import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A complete subtree of the key log: 2^level leaves, from leaf index · 2^level on. */
@Entity('key_log_nodes')
export class KeyLogNodeEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'key_log_nodes_pkey' })
  level!: number;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'key_log_nodes_pkey' })
  index!: number;

  @Column('bytea')
  hash!: Buffer;
}
