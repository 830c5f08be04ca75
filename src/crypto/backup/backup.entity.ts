import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account's private keys, encrypted by the client under what the server never sees. */
@Entity('backups')
export class BackupEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'backups_pkey' })
  userId!: string;

  /** Counts the writes since the backup was made. */
  @Column('integer')
  version!: number;

  /** A JSON object as text, opaque. */
  @Column('text')
  backup!: string;

  @Column('timestamptz')
  updatedAt!: Date;
}
