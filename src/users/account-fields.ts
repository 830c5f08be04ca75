import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isEmail, IsNotEmpty, IsString, Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';
import { parseAvatarUrl } from './avatar-url.js';
import { DISPLAY_NAME_MAX, isDisplayName, normalizeDisplayName } from './display-name.js';
import { USERNAME } from './username.js';

/** May be left out. Unlike `@IsOptional()` it does not let `null` pass, which would reach the database. */
export const MayBeAbsent = (): PropertyDecorator =>
  ValidateIf((_: unknown, value: unknown) => value !== undefined);

/** A username in a body: {@link USERNAME}. */
export const IsUsername = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Matches(USERNAME, {
      message:
        '$property must be 3 to 32 characters of a-z, 0-9, "_", "." and "-", with a letter or digit among them',
    }),
  );

/**
 * An address without the blanks of a careless paste, in lower case: `A@x.org` and `a@x.org` are one account. ASCII
 * letters alone: `toLowerCase()` would turn U+212A, the sign for kelvin, into the `k` of somebody else's address.
 */
export function normalizeEmail(email: string): string {
  return email.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * ASCII only: most mail servers take no other, and look-alikes stay out. No quoted local part: it may hold blanks,
 * commas and `@`, which programs on the way read differently (RFC 5321 §4.1.2 advises against them).
 */
export function isEmailAddress(value: unknown): boolean {
  // The alphabet first: the library fails on half a character instead of refusing it.
  return typeof value === 'string' && /^[\x21\x23-\x7e]{3,254}$/.test(value) && isEmail(value);
}

/** An e-mail address in a body, normalised. */
export const IsEmailAddress = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalizeEmail(value) : value)),
    ValidateBy({
      name: 'isEmailAddress',
      validator: {
        validate: isEmailAddress,
        defaultMessage: () => '$property must be an e-mail address of at most 254 ASCII characters',
      },
    }),
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
          `$property must be 1 to ${DISPLAY_NAME_MAX} characters, with none that cannot be seen`,
      },
    }),
  );

/** The address of a picture in a body, as {@link parseAvatarUrl} writes it. */
export const IsAvatarUrl = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (parseAvatarUrl(value) ?? '') : value,
    ),
    ValidateBy({
      name: 'isAvatarUrl',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && value !== '',
        defaultMessage: () => '$property must be a plain URL on https://cdn.intra.42.fr/',
      },
    }),
  );
