import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The username of a deleted account, as a digest: see {@link RetiredUsernames}. */
@Entity('retired_usernames')
export class RetiredUsernameEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'retired_usernames_pkey' })
  digest!: Buffer;

  /** False for the plain SHA-256 of an earlier version. */
  @Column('boolean', { default: false })
  keyed!: boolean;

  @Column('timestamptz')
  retiredAt!: Date;
}
