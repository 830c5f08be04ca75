import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../../users/account-fields.js';
import { TokenDelivery } from '../sign-in/sign-in.dto.js';
import type { SignInMethod } from './session.entity.js';

export class RefreshBody extends TokenDelivery {
  /** For clients without cookies; implies `"tokens": "body"`. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1024)
  refreshToken?: string;
}

export class RefreshedView {
  /** Seconds until the access token expires. */
  expiresIn!: number;
  accessToken?: string;
  refreshToken?: string;
}

/** A signed-in device. */
export class SessionView {
  id!: string;
  /** The one that asks. */
  current!: boolean;
  createdAt!: string;
  lastSeenAt!: string;
  ip!: string;
  /** Such as "Chrome on Windows". */
  device!: string;
  @ApiProperty({ enum: ['password', '42'] })
  method!: SignInMethod;
}

export class SessionPage {
  items!: SessionView[];
  nextCursor!: string | null;
}
