import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The second factor of an account: its TOTP secret, the last accepted step, and the lock. */
@Entity('two_factor')
export class TwoFactorEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'two_factor_pkey' })
  userId!: string;

  /** Sealed; null until enabled. */
  @Column('bytea', { nullable: true, select: false })
  secret!: Buffer | null;

  /** Sealed; generated and not yet confirmed with a code. */
  @Column('bytea', { nullable: true, select: false })
  pendingSecret!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  enabledAt!: Date | null;

  /** The newest time step whose code was accepted: it and all before it are spent. */
  @Column('bigint')
  lastTimeStep!: number;

  /** Wrong codes in a row. */
  @Column('integer')
  failures!: number;

  @Column('timestamptz', { nullable: true })
  lockedUntil!: Date | null;
}

/** A recovery code's keyed hash. */
@Entity('recovery_codes')
export class RecoveryCodeEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recovery_codes_pkey' })
  userId!: string;

  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'recovery_codes_pkey' })
  hash!: Buffer;

  @Column('timestamptz', { nullable: true })
  usedAt!: Date | null;
}
