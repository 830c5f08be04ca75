import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { PageQuery } from '../common/http/paging.js';
import { IsDisplayName, IsEmailAddress, IsPassword, IsUsername, MayBeAbsent } from './account-fields.js';
import type { Role } from './user.entity.js';

const ROLES: readonly Role[] = ['user', 'admin'];

export class DirectoryQuery extends PageQuery {
  /** The beginning of a username or a display name, in either case; for admins also a whole e-mail address. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(254)
  @Matches(/^[^\p{Cc}\p{Surrogate}]*$/u, { message: 'query must be plain text' })
  query?: string;
}

export class CreateUserBody {
  @IsUsername()
  username!: string;

  @IsEmailAddress()
  email!: string;

  /** The username, if left out. */
  @MayBeAbsent()
  @IsDisplayName()
  displayName?: string;

  @MayBeAbsent()
  @IsIn(ROLES)
  @ApiProperty({ enum: ROLES, required: false })
  role?: Role;

  /** Without one, the person sets it through "forgot password". */
  @MayBeAbsent()
  @IsPassword()
  password?: string;
}

/** Any of these; what is left out stays. */
export class UpdateUserBody {
  @MayBeAbsent()
  @IsUsername()
  username?: string;

  @MayBeAbsent()
  @IsDisplayName()
  displayName?: string;

  /** A new address is unverified until its owner follows the link. */
  @MayBeAbsent()
  @IsEmailAddress()
  email?: string;

  @MayBeAbsent()
  @IsIn(ROLES)
  @ApiProperty({ enum: ROLES, required: false })
  role?: Role;

  @MayBeAbsent()
  @IsBoolean()
  suspended?: boolean;
}
