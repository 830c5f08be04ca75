import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a key of the server is for: one key never serves two purposes (RFC 8725 §3.1). */
export type KeyPurpose = 'access-token' | 'key-log' | 'sealed-encryption' | 'sealed-signature';
export type KeyState = 'next' | 'active' | 'retired' | 'revoked';

/** One key of the server's ring; the private part is sealed under `MASTER_KEY`. */
@Entity('server_keys')
export class ServerKeyEntity {
  /** RFC 7638 thumbprint. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'server_keys_pkey' })
  kid!: string;

  @Column('text')
  purpose!: KeyPurpose;

  @Column('text')
  state!: KeyState;

  @Column('jsonb')
  publicJwk!: Record<string, unknown>;

  /** PKCS #8 DER, sealed. */
  @Column('bytea', { select: false })
  privateKey!: Buffer;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  activatedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  retiredAt!: Date | null;
}
