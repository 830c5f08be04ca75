import { Matches } from 'class-validator';

/** What stands behind `#token=` in a mail link. Anything else of that alphabet is just not valid any more. */
export const IsMailToken = (): PropertyDecorator =>
  Matches(/^[\w-]{1,128}$/, { message: '$property must be the token of a mail link' });

export class VerifyEmailBody {
  /** What stands behind `#token=` in the link. */
  @IsMailToken()
  token!: string;
}
