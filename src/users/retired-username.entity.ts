import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The username of a deleted account, as a SHA-256: not given again, and not kept either. */
@Entity('retired_usernames')
export class RetiredUsernameEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'retired_usernames_pkey' })
  digest!: Buffer;

  @Column('timestamptz')
  retiredAt!: Date;
}
