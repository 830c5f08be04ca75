import { IsEmailAddress, IsPassword } from '../../users/account-fields.js';
import { IsMailToken } from '../email/email.dto.js';

export class ChangePasswordBody {
  @IsPassword()
  currentPassword!: string;

  /** 10–128 characters of any Unicode, hard to guess. */
  @IsPassword()
  newPassword!: string;
}

export class ForgotPasswordBody {
  @IsEmailAddress()
  email!: string;
}

export class ResetPasswordBody {
  /** What stands behind `#token=` in the link. */
  @IsMailToken()
  token!: string;

  /** 10–128 characters of any Unicode, hard to guess. */
  @IsPassword()
  newPassword!: string;
}
