import { ApiProperty } from '@nestjs/swagger';
import { IsDefined } from 'class-validator';
import type { KeyStatementJson, PrivateEncryptionJwk, PrivateSigningJwk } from '@sealgate/protocol';
import type { LoggedLeaf } from '../key-log/key-log.service.js';

/** One signature of a statement, base64url. */
export class StatementSignatureView {
  protected!: string;
  signature!: string;
}

/** A key statement: a JWS in General JSON serialization (RFC 7515 §7.2.1). */
export class KeyStatementView {
  /** The statement itself, base64url. */
  payload!: string;
  /** The new signing key's, then that of the version before unless the statement is a reset. */
  signatures!: StatementSignatureView[];
}

/** The key statement that the client made and signed. */
export class GenerateKeysDto {
  /** A JWS in General JSON serialization; whatever is wrong with it is `invalid_key_statement`. */
  @ApiProperty({ type: () => KeyStatementView })
  @IsDefined()
  statement!: unknown;
}

/** Where a statement stands in the key log, and the proof. */
export class LogProofView {
  index!: number;
  /** Of the tree that the checkpoint is for. */
  size!: number;
  /** The signed head (C2SP tlog-checkpoint). */
  checkpoint!: string;
  /** The inclusion proof, base64. */
  hashes!: string[];

  static of({ index, head, hashes }: LoggedLeaf): LogProofView {
    return {
      index,
      size: head.size,
      checkpoint: head.checkpoint,
      hashes: hashes.map((hash) => hash.toString('base64')),
    };
  }
}

export class KidsView {
  encryption!: string;
  signing!: string;
}

/** The keys were registered. */
export class RegisteredKeysView {
  version!: number;
  kids!: KidsView;
  log!: LogProofView;
}

/** Keys that the server made; the private ones are shown once and kept nowhere. */
export class GeneratedKeysView {
  @ApiProperty({ type: () => KeyStatementView })
  statement!: KeyStatementJson;
  /** The private JWK. */
  encryptionKey!: PrivateEncryptionJwk;
  /** The private JWK. */
  signingKey!: PrivateSigningJwk;
}

export class LoggedStatementView {
  @ApiProperty({ type: () => KeyStatementView })
  statement!: KeyStatementJson;
  log!: LogProofView;
}

/** An account's whole chain of statements. */
export class UserKeysView {
  userId!: string;
  /** Oldest first; empty where the user never made any. */
  keys!: LoggedStatementView[];
}
