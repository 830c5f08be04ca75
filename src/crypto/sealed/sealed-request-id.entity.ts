import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A sealed request that was let in: its `jti` is taken for as long as the request would count as fresh. */
@Entity('sealed_request_ids')
export class SealedRequestIdEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'sealed_request_ids_pkey' })
  jti!: string;

  @Index('sealed_request_ids_expires_at_idx')
  @Column('timestamptz')
  expiresAt!: Date;
}
