import type { KeyStatementJson } from '@sealgate/protocol';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** An accepted key statement. */
@Entity('key_statements')
@Unique('key_statements_log_index_key', ['logIndex'])
export class KeyStatementEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'key_statements_pkey' })
  userId!: string;

  /** From 1 on, without gaps. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'key_statements_pkey' })
  version!: number;

  /** As it was signed: all of it is base64url text, which jsonb leaves alone. */
  @Column('jsonb')
  statement!: KeyStatementJson;

  /** SHA-256 of the payload bytes: the next statement's `previous`. */
  @Column('bytea')
  payloadHash!: Buffer;

  @Column('text')
  kidEncryption!: string;

  @Column('text')
  kidSigning!: string;

  /** The keys before were lost: the statement is signed by the new key alone. */
  @Column('boolean')
  reset!: boolean;

  @Column('bigint')
  logIndex!: number;

  @Column('timestamptz')
  createdAt!: Date;
}
