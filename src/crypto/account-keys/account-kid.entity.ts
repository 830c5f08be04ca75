import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A key that somebody has registered, ever; kept when its account is deleted. */
@Entity('account_kids')
@Unique('account_kids_user_id_version_use_key', ['userId', 'version', 'use'])
export class AccountKidEntity {
  /** RFC 7638 thumbprint. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'account_kids_pkey' })
  kid!: string;

  @Column('uuid')
  userId!: string;

  @Column('integer')
  version!: number;

  @Column('text')
  use!: 'enc' | 'sig';
}
