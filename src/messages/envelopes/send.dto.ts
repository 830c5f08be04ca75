import { Transform, type TransformFnParams } from 'class-transformer';
import { Allow, IsUUID } from 'class-validator';

const lowerCase = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.toLowerCase() : value;

export class SendMessageBody {
  /** Made by the client, so that sending again after a lost answer is safe. */
  @Transform(lowerCase)
  @IsUUID()
  id!: string;

  @Transform(lowerCase)
  @IsUUID()
  chatId!: string;

  /** A JWE in General JSON serialization, sealed to every member's current key. Whatever is wrong with it is `invalid_envelope`. */
  @Allow()
  envelope!: unknown;
}

/** The message is stored: it survives a power cut. */
export class ReceiptView {
  id!: string;
  chatId!: string;
  seq!: number;
  sentAt!: Date;
}
