import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, IsNotEmpty, IsString, Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';
import { DISPLAY_NAME_MAX, isDisplayName, normalizeDisplayName } from './display-name.js';
import { USERNAME } from './username.js';

/** May be left out. Unlike `@IsOptional()` it does not let `null` pass, which would reach the database. */
export const MayBeAbsent = (): PropertyDecorator =>
  ValidateIf((_: unknown, value: unknown) => value !== undefined);

/** A username in a body: {@link USERNAME}. */
export const IsUsername = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Matches(USERNAME, { message: '$property must be 3 to 32 characters of a-z, 0-9, "_", "." and "-"' }),
  );

/** An address without the blanks of a careless paste, in lower case: `A@x.org` and `a@x.org` are one account. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** An e-mail address in a body, normalised. ASCII only: most mail servers take no other, and look-alikes stay out. */
export const IsEmailAddress = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalizeEmail(value) : value)),
    IsEmail({ allow_utf8_local_part: false }),
    Matches(/^[\x21-\x7e]*$/, { message: '$property must be written in ASCII' }),
    MaxLength(254),
  );

/** A password in a body, of any Unicode; the policy counts and judges. The bound only keeps nonsense out. */
export const IsPassword = (): PropertyDecorator => applyDecorators(IsString(), IsNotEmpty(), MaxLength(1024));

/** A display name in a body, normalised. */
export const IsDisplayName = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? normalizeDisplayName(value) : value,
    ),
    ValidateBy({
      name: 'isDisplayName',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isDisplayName(value),
        defaultMessage: () =>
          `$property must be 1 to ${DISPLAY_NAME_MAX} characters, without control characters`,
      },
    }),
  );
