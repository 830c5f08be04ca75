import { Transform, type TransformFnParams } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsUUID,
  ValidateBy,
} from 'class-validator';
import { hidesSomething } from '../../users/display-name.js';

const lowerCase = ({ value }: TransformFnParams): unknown =>
  Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === 'string' ? item.toLowerCase() : item))
    : value;

const tidy = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.normalize('NFC').trim() : value;

/** 1 to 100 characters with something to see in them, under the rules of people's names. */
function isTitle(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^(?=.*[\p{L}\p{N}\p{P}\p{S}]).{1,100}$/u.test(value) &&
    !hidesSomething(value)
  );
}

export class CreateChatBody {
  /** The other members; the own id among them says nothing. */
  @Transform(lowerCase)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(256)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  memberIds!: string[];

  /** Makes a group also of two. */
  @Transform(tidy)
  @IsOptional()
  @ValidateBy({
    name: 'isTitle',
    validator: {
      validate: isTitle,
      defaultMessage: () => 'title must be 1 to 100 characters of plain text',
    },
  })
  title?: string | null;
}

export class ChatMemberView {
  userId!: string;
  username!: string;
  displayName!: string;
  joinedAt!: Date;
  /** The member reads messages after this one. */
  joinedSeq!: number;
  lastReadSeq!: number;
  /** Of the current key statement. */
  keyVersion!: number;
  /** Of the current encryption key: what to seal messages to. */
  kid!: string;
}

export class ChatView {
  id!: string;
  kind!: 'direct' | 'group';
  title!: string | null;
  /** Null in a direct chat. */
  ownerId!: string | null;
  createdAt!: Date;
  lastSeq!: number;
  /** Others' messages after the own `lastReadSeq`, without tombstones. */
  unreadCount!: number;
  /** In the order in which they joined. */
  members!: ChatMemberView[];
}

/** The own chats, the newest-made first: an order that no message changes while one pages through it. */
export class ChatsPage {
  items!: ChatView[];
  nextCursor!: string | null;
}
