import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

export type Role = 'user' | 'admin';

/** An account. Ways in (passwords, identities) and the second step are rows of their own. */
@Entity('users')
@Unique('users_username_key', ['username'])
@Unique('users_email_key', ['email'])
export class UserEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'users_pkey' })
  id!: string;

  /** 3–32 of `a-z 0-9 _ . -`; of a deleted account: `deleted-` and its id. */
  @Column('text')
  username!: string;

  /** Lower-cased; null where 42 told none or another account has it, and once deleted. */
  @Column('text', { nullable: true })
  email!: string | null;

  @Column('timestamptz', { nullable: true })
  emailVerifiedAt!: Date | null;

  @Column('text')
  displayName!: string;

  @Column('text', { nullable: true })
  avatarUrl!: string | null;

  @Column('text')
  role!: Role;

  @Column('timestamptz', { nullable: true })
  suspendedAt!: Date | null;

  /** When the second step was first settled, with a code or by skipping it. */
  @Column('timestamptz', { nullable: true })
  secondStepSettledAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;
}
