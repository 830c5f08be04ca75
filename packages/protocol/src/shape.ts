import { isBase64url } from './base64url.js';
import { isWellFormed } from './bytes.js';
import { ProtocolError } from './errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/;

/** Throws unless the condition holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ProtocolError('malformed', message);
}

/**
 * An object with exactly these members, and perhaps some of the optional ones: what no rule mentions is refused,
 * so that nothing can be smuggled past a check that did not expect it.
 *
 * @throws ProtocolError `malformed`
 */
export function exactObject<Name extends string, Optional extends string = never>(
  value: unknown,
  what: string,
  names: readonly Name[],
  optional: readonly Optional[] = [],
): Record<Name, unknown> & Partial<Record<Optional, unknown>> {
  check(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is not an object`);
  const present = Object.keys(value);
  for (const name of names) check(present.includes(name), `${what} lacks "${name}"`);
  const allowed: readonly string[] = [...names, ...optional];
  check(
    present.every((name) => allowed.includes(name)),
    `${what} has a member that it must not have`,
  );
  return value as Record<Name, unknown> & Partial<Record<Optional, unknown>>;
}

/** An array with this many elements. @throws ProtocolError `malformed` */
export function arrayOf(value: unknown, what: string, min: number, max: number): readonly unknown[] {
  check(
    Array.isArray(value) && value.length >= min && value.length <= max,
    `${what} is not an array of ${min} to ${max}`,
  );
  return value;
}

/** Text of at most this many UTF-16 code units, without half surrogate pairs. @throws ProtocolError `malformed` */
export function textOf(value: unknown, what: string, maxLength: number): string {
  check(
    typeof value === 'string' && value.length <= maxLength && isWellFormed(value),
    `${what} is not text that fits`,
  );
  return value;
}

/** Strict base64url text of this many characters. @throws ProtocolError `malformed` */
export function base64urlOf(value: unknown, what: string, minLength: number, maxLength = minLength): string {
  check(
    typeof value === 'string' && value.length >= minLength && value.length <= maxLength && isBase64url(value),
    `${what} is not strict base64url of the right length`,
  );
  return value;
}

/** The base64url of a SHA-256: a `kid`, a root, the hash of an envelope. @throws ProtocolError `malformed` */
export function sha256TextOf(value: unknown, what: string): string {
  return base64urlOf(value, what, 43);
}

/** A UUID in the one form that databases write, so that equal ids are equal texts. @throws ProtocolError `malformed` */
export function uuidOf(value: unknown, what: string): string {
  check(typeof value === 'string' && UUID.test(value), `${what} is not a UUID in lower case`);
  return value;
}

/** A whole number in this range. @throws ProtocolError `malformed` */
export function integerOf(value: unknown, what: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  check(
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
    `${what} is not a whole number in range`,
  );
  return Number(value);
}

/**
 * A time that exists, upper case `T` and `Z`, no leap second.
 *
 * @throws ProtocolError `malformed`
 * @see RFC 3339 §5.6
 */
export function timeOf(value: unknown, what: string): string {
  const match = typeof value === 'string' ? RFC3339.exec(value) : null;
  check(match !== null, `${what} is not an RFC 3339 time`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] =
    match.slice(1).map((digits) => Number(digits ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  check(
    exists && hour < 24 && minute < 60 && second < 60 && offsetHour < 24 && offsetMinute < 60,
    `${what} is not a time that exists`,
  );
  return match[0];
}
