/** What is shown of a person; counted in characters as people see most of them. */
export const DISPLAY_NAME_MAX = 64;

/**
 * No control characters, no lone surrogates, and none that turn the direction of the text around them: a name must
 * not rewrite the line that it stands in.
 * @see Unicode UAX #9 §2 (explicit directional formatting)
 */
const FORBIDDEN = /[\p{Cc}\p{Surrogate}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** One spelling of the same name: composed, without blanks around it. */
export function normalizeDisplayName(name: string): string {
  return name.normalize('NFC').trim();
}

/** @param name normalised. */
export function isDisplayName(name: string): boolean {
  return [...name].length <= DISPLAY_NAME_MAX && VISIBLE.test(name) && !FORBIDDEN.test(name);
}

/** Makes what another service calls a person fit to be shown. */
export function presentableName(name: string | undefined, fallback: string): string {
  const cleaned = normalizeDisplayName((name ?? '').replaceAll(new RegExp(FORBIDDEN, 'gu'), ''));
  const cut = [...cleaned].slice(0, DISPLAY_NAME_MAX).join('').trim();
  return isDisplayName(cut) ? cut : fallback;
}
