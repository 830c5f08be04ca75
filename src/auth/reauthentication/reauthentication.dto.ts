import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { parseRecoveryCode, type RecoveryCode } from '../../two-fa/core/recovery-codes.js';
import { IsPassword, MayBeAbsent } from '../../users/account-fields.js';

/** Exactly one of the three. */
export class ReauthenticateBody {
  @MayBeAbsent()
  @IsPassword()
  password?: string;

  /** Six digits of the authenticator. */
  @MayBeAbsent()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.replaceAll(/\s/g, '') : value,
  )
  @Matches(/^\d{6}$/, { message: '$property must be six digits' })
  code?: string;

  /** One of the ten; it is used up. */
  @MayBeAbsent()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (parseRecoveryCode(value) ?? '') : value,
  )
  @Matches(/^[0-9A-Z-]{19}$/, { message: '$property must be 16 letters and digits' })
  @ApiProperty({ required: false, type: String })
  recoveryCode?: RecoveryCode;
}

export class ReauthenticatedView {
  /** For how many seconds the session counts as proven. */
  expiresIn!: number;
}
