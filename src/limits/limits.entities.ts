import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One counter of one window; written by rate-limiter-flexible only. */
@Entity('rate_limits')
export class RateLimitEntity {
  /** The policy's name and a digest of whom it counts. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'rate_limits_pkey' })
  key!: string;

  @Column('integer')
  points!: number;

  /** Milliseconds since the epoch. */
  @Index('rate_limits_expire_idx')
  @Column('bigint', { nullable: true })
  expire!: number | null;
}

/** An account signed in from an address; both only as one SHA-256. */
@Entity('known_addresses')
export class KnownAddressEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'known_addresses_pkey' })
  digest!: Buffer;

  @Index('known_addresses_last_success_at_idx')
  @Column('timestamptz')
  lastSuccessAt!: Date;
}
