const MAX_CHARACTERS = 512;
/** Never resolved; only gives relative URLs something to be relative to. */
const ANY_ORIGIN = 'https://sealgate.invalid';

/**
 * Accepts a path of this site to go to after the sign-in.
 *
 * @returns the normalised path with query and fragment; null for anything that could lead to another site
 * @see RFC 9700 §4.11.1: an open redirector at the client
 */
export function safeReturnTo(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS) return null;
  // Browsers read a backslash as a slash and drop tabs and line breaks: `/\evil` and `/<tab>/evil` are other sites.
  if (!/^\/[!-[\]-~]*$/.test(value)) return null;
  if (!URL.canParse(value, ANY_ORIGIN)) return null;
  const { origin, pathname, search, hash } = new URL(value, ANY_ORIGIN);
  // A path such as `/..//evil` only shows its two slashes once it is normalised.
  return origin === ANY_ORIGIN && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : null;
}
