import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One counter of one window; written by rate-limiter-flexible only. */
@Entity('rate_limits')
export class RateLimitEntity {
  /** The policy's name and a keyed digest of whom it counts. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'rate_limits_pkey' })
  key!: string;

  @Column('integer')
  points!: number;

  /** Milliseconds since the epoch. */
  @Index('rate_limits_expire_idx')
  @Column('bigint', { nullable: true })
  expire!: number | null;
}

/** An account signed in from an address; both only as one keyed digest. */
@Entity('known_addresses')
export class KnownAddressEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'known_addresses_pkey' })
  digest!: Buffer;

  /** The account alone, so that its rows can go with it; null in those of an earlier version. */
  @Index('known_addresses_account_idx')
  @Column('bytea', { nullable: true })
  account!: Buffer | null;

  @Index('known_addresses_last_success_at_idx')
  @Column('timestamptz')
  lastSuccessAt!: Date;
}
