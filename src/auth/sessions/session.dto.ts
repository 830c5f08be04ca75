import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsOptional, IsString, MaxLength } from 'class-validator';
import type { SignInMethod } from './session.entity.js';

export class RefreshBody {
  @ApiProperty({ enum: ['body'], required: false })
  @IsOptional()
  @Equals('body')
  tokens?: 'body';

  /** For clients without cookies; implies `"tokens": "body"`. */
  @IsOptional()
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
