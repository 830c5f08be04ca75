import { Transform } from 'class-transformer';
import { Matches, ValidateIf } from 'class-validator';
import { IsAvatarUrl, IsDisplayName, IsEmailAddress, IsPassword, MayBeAbsent } from './account-fields.js';

/** One of the two: the account's password, or a code of its second step. None within 5 minutes of a sign-in with 42. */
export class ProofBody {
  @MayBeAbsent()
  @IsPassword()
  password?: string;

  /** The blanks with which authenticators group the digits are no mistake. */
  @MayBeAbsent()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.replaceAll(/\s/g, '') : value,
  )
  @Matches(/^[0-9]{6}$/, { message: 'code must be six digits' })
  code?: string;
}

/** Any of these; what is left out stays. */
export class UpdateProfileBody extends ProofBody {
  @MayBeAbsent()
  @IsDisplayName()
  displayName?: string;

  /** Null takes the picture away. Others' browsers load it, so it stands on 42's server only and tracks nobody. */
  @ValidateIf((_: unknown, value: unknown) => value !== undefined && value !== null)
  @IsAvatarUrl()
  avatarUrl?: string | null;

  /** Takes `password` or `code` with it. The old one counts until the owner of the new one follows the link. */
  @MayBeAbsent()
  @IsEmailAddress()
  email?: string;
}
