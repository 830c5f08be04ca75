import { IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../../users/account-fields.js';

export class FortyTwoTripBody {
  /** A path of this site to end at; `/settings` otherwise. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(512)
  returnTo?: string;
}

export class FortyTwoTripView {
  /** At 42: send the browser there within ten minutes. */
  location!: string;
}

export class FortyTwoLinkView {
  linked!: boolean;
  /** The name at 42 when it was last seen there. */
  login!: string | null;
  linkedAt!: string | null;
  /** There is another way into the account. */
  canUnlink!: boolean;
}
