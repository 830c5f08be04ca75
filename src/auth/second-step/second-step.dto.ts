import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Matches, ValidateBy, ValidateIf } from 'class-validator';
import { parseRecoveryCode, type RecoveryCode } from '../../two-fa/core/recovery-codes.js';
import { MayBeAbsent } from '../../users/account-fields.js';
import { TokenDelivery, TokensView } from '../sign-in/sign-in.dto.js';
import { ApiNextStep, type NextStep } from '../sign-in/next-step.js';

const SIX_DIGITS = /^\d{6}$/;

/** Six digits; the blanks with which authenticators group them are no mistake. */
const IsTotpCode = (): PropertyDecorator => (target, key) => {
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.replaceAll(/\s/g, '') : value,
  )(target, key);
  Matches(SIX_DIGITS, { message: '$property must be six digits' })(target, key);
};

export class CodeBody {
  /** Six digits of the authenticator. */
  @IsTotpCode()
  code!: string;
}

export class EnableBody extends TokenDelivery {
  /** Six digits of the authenticator. */
  @IsTotpCode()
  code!: string;
}

/** Exactly one of the two. */
export class SecondFactorBody extends TokenDelivery {
  /** Six digits of the authenticator. */
  @ValidateIf((body: SecondFactorBody) => body.code !== undefined || body.recoveryCode === undefined)
  @IsTotpCode()
  @ValidateBy({
    name: 'alone',
    validator: {
      validate: (_, args) =>
        args !== undefined && !('recoveryCode' in args.object && args.object.recoveryCode !== undefined),
      defaultMessage: () => 'send either code or recoveryCode',
    },
  })
  @ApiProperty({ required: false })
  code?: string;

  /** One of the ten, as shown when they were made; case, blanks and dashes do not matter. */
  @MayBeAbsent()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (parseRecoveryCode(value) ?? '') : value,
  )
  @Matches(/^[0-9A-Z-]{19}$/, { message: '$property must be 16 letters and digits' })
  @ApiProperty({ required: false, type: String })
  recoveryCode?: RecoveryCode;
}

export class TwoFactorStatusView {
  enabled!: boolean;
  recoveryCodesLeft!: number;
}

export class GeneratedView {
  /** Base32, to type where the QR code cannot be scanned. */
  secret!: string;
  otpauthUrl!: string;
  /** A `data:image/png` URL. */
  qrCode!: string;
}

export class RecoveryCodesView {
  /** Shown this once. */
  recoveryCodes!: string[];
}

export class SettledView extends TokensView {
  @ApiNextStep()
  next!: NextStep;
}

export class EnabledView extends SettledView {
  /** Shown this once. */
  recoveryCodes!: string[];
}
