import { ApiProperty } from '@nestjs/swagger';
import { Equals } from 'class-validator';
import { IsEmailAddress, IsPassword, IsUsername, MayBeAbsent } from '../../users/account-fields.js';
import { ApiNextStep, type NextStep } from './next-step.js';

/** Clients that are no browsers ask for their tokens in the answer; then no cookie is set. */
export class TokenDelivery {
  @ApiProperty({ enum: ['body'], required: false })
  @MayBeAbsent()
  @Equals('body')
  tokens?: 'body';
}

export class RegisterBody extends TokenDelivery {
  /** 3–32 of `a-z 0-9 _ . -`. */
  @IsUsername()
  username!: string;

  @IsEmailAddress()
  email!: string;

  /** 10–128 characters of any Unicode, hard to guess. */
  @IsPassword()
  password!: string;
}

export class LoginBody extends TokenDelivery {
  @IsEmailAddress()
  email!: string;

  @IsPassword()
  password!: string;
}

/** The signed-in person, as told to themselves. */
export class AccountView {
  id!: string;
  username!: string;
  displayName!: string;
  email!: string | null;
  emailVerified!: boolean;
  avatarUrl!: string | null;
  @ApiProperty({ enum: ['user', 'admin'] })
  role!: 'user' | 'admin';
  createdAt!: string;
}

/** Tokens, for those who asked for them in the body. */
export class TokensView {
  accessToken?: string;
  /** Once the second step is settled. */
  refreshToken?: string;
  /** Seconds until the access token expires. */
  expiresIn?: number;
}

export class SignedInView extends TokensView {
  user!: AccountView;
  @ApiNextStep()
  next!: NextStep;
}

export class SessionStateView {
  id!: string;
  /** The second step is settled. */
  tfa!: boolean;
  /** RFC 8176 values plus `42`. */
  amr!: string[];
}

export class MeView {
  user!: AccountView;
  session!: SessionStateView;
  @ApiNextStep()
  next!: NextStep;
}
