import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { FromDigits } from '../../common/http/from-digits.js';
import { PageQuery } from '../../common/http/paging.js';

export class HistoryQuery extends PageQuery {
  /** Only messages with a smaller `seq`. */
  @IsOptional()
  @FromDigits()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  before?: number;

  /** Only messages with a greater `seq`; turns the order to oldest first. */
  @IsOptional()
  @FromDigits()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;
}

export class ReceiveQuery extends PageQuery {
  /** `nextCursor` of the answer before; left out, from the beginning. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(512)
  after?: string;
}

/** The one recipient entry that is the reader's. */
export class RecipientView {
  header!: { kid: string };
  encrypted_key!: string;
}

/** A JWE in General JSON serialization. */
export class EnvelopeView {
  protected!: string;
  iv!: string;
  ciphertext!: string;
  tag!: string;
  recipients!: RecipientView[];
}

export class MessageView {
  id!: string;
  chatId!: string;
  /** 1, 2, 3 … within the chat, without a gap. */
  seq!: number;
  senderId!: string;
  sentAt!: Date;
  deletedAt!: Date | null;
  /** Null once deleted. */
  envelope!: EnvelopeView | null;
  /** How many recipient entries the sender's envelope has. */
  recipientCount!: number;
}

export class MessagesPage {
  items!: MessageView[];
  nextCursor!: string | null;
}

export class InboxPage {
  items!: MessageView[];
  /** Never null: where to go on asking. */
  nextCursor!: string;
}
