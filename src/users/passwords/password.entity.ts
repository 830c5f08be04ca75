import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account's password; people who came through 42 have none until they set one. */
@Entity('passwords')
export class PasswordEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'passwords_pkey' })
  userId!: string;

  @Column('text', { select: false })
  scheme!: string;

  @Column('text', { select: false })
  hash!: string;

  @Column('timestamptz')
  updatedAt!: Date;
}
