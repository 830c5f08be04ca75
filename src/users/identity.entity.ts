import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A way in through another service; `subject` is its stable id, never a name or an e-mail. */
@Entity('identities')
@Unique('identities_provider_user_id_key', ['provider', 'userId'])
export class IdentityEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identities_pkey' })
  provider!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'identities_pkey' })
  subject!: string;

  @Column('uuid')
  userId!: string;

  /** The name there when last seen, for the account page. */
  @Column('text', { nullable: true })
  login!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
