import { Transform, type TransformFnParams } from 'class-transformer';
import { IsDefined, IsObject, IsString, IsUUID, MaxLength } from 'class-validator';
import type { Envelope } from '@sealgate/protocol';

const lowerCase = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.toLowerCase() : value;

export class EncryptDto {
  /** The new message's id, made by the client. */
  @Transform(lowerCase)
  @IsUUID()
  id!: string;

  @Transform(lowerCase)
  @IsUUID()
  chatId!: string;

  @IsString()
  @MaxLength(65_536)
  plaintext!: string;

  /** The caller's private signing JWK: used for this one signature, then forgotten. */
  @IsObject()
  signingKey!: Record<string, unknown>;
}

/** A message ready for `send`. The server has seen its text. */
export class EncryptedView {
  envelope!: Envelope;
  e2ee!: false;
}

export class DecryptDto {
  /** As `receive` and `history` give it; whatever is wrong with it is `invalid_envelope`. */
  @IsDefined()
  envelope!: unknown;

  /** A private encryption JWK of the reader: used for this one envelope, then forgotten. */
  @IsObject()
  privateKey!: Record<string, unknown>;
}

/** An opened message. The server has seen its text. */
export class DecryptedView {
  plaintext!: string;
  /** The sender, as the signature says. */
  from!: string;
  e2ee!: false;
}
