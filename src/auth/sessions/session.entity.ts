import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How the first factor was proven. */
export type SignInMethod = 'password' | '42';

/** A sign-in on a device; pending until its second step is settled, then replaced by a settled one. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sessions_pkey' })
  id!: string;

  @Column('uuid')
  userId!: string;

  @Column('boolean')
  settled!: boolean;

  @Column('text')
  method!: SignInMethod;

  /** RFC 8176 values plus `42`. */
  @Column('text', { array: true })
  amr!: string[];

  /** When a factor was last proven. */
  @Column('timestamptz')
  authTime!: Date;

  @Column('text')
  ip!: string;

  @Column('text')
  userAgent!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  lastSeenAt!: Date;

  /** Moves on with each refresh. */
  @Column('timestamptz')
  idleExpiresAt!: Date;

  /** Never moves. */
  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @Column('text', { nullable: true })
  revokedReason!: string | null;

  @Column('integer')
  refreshGeneration!: number;

  @Column('bytea', { nullable: true, select: false })
  refreshHash!: Buffer | null;

  @Column('bytea', { nullable: true, select: false })
  refreshPreviousHash!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  refreshRotatedAt!: Date | null;
}

/** The id of a 42 sign-in that came back: it does not come back twice. */
@Entity('used_sign_in_states')
export class UsedSignInStateEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'used_sign_in_states_pkey' })
  jti!: string;

  @Column('timestamptz')
  expiresAt!: Date;
}
