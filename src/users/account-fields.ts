import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { USERNAME } from './username.js';

/** A username in a body: {@link USERNAME}. */
export const IsUsername = (): PropertyDecorator =>
  Matches(USERNAME, { message: '$property must be 3 to 32 characters of a-z, 0-9, "_", "." and "-"' });

/** An address without the blanks of a careless paste, in lower case: `A@x.org` and `a@x.org` are one account. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** An e-mail address in a body, normalised. ASCII only: most mail servers take no other, and look-alikes stay out. */
export const IsEmailAddress = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalizeEmail(value) : value)),
    IsEmail({ allow_utf8_local_part: false }),
    // eslint-disable-next-line no-control-regex -- exactly printable ASCII
    Matches(/^[\x21-\x7e]*$/, { message: '$property must be written in ASCII' }),
    MaxLength(254),
  );

/** A password in a body, of any Unicode; the policy counts and judges. The bound only keeps nonsense out. */
export const IsPassword = (): PropertyDecorator => applyDecorators(IsString(), IsNotEmpty(), MaxLength(1024));
