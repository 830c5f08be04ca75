/** What is shown of a person; counted in characters as people see most of them. */
export const DISPLAY_NAME_MAX = 64;

/** Scripts in which a (non-)joiner between two letters changes how a word is written. @see Unicode UAX #31 §2.3 */
const JOINING = [
  'Arabic', 'Bengali', 'Devanagari', 'Gujarati', 'Gurmukhi', 'Kannada', 'Khmer', 'Malayalam', 'Mongolian', 'Oriya',
  'Sinhala', 'Syriac', 'Tamil', 'Telugu', 'Nko',
].map((script) => `\\p{Script_Extensions=${script}}`).join(''); // prettier-ignore

/** A joiner where it is written: inside a word of those scripts, or inside an emoji of several. @see UTS #51 §2.3 */
const JOINER = [
  `(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])`,
  String.raw`(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})`,
];
/** Says that the sign before it is to be shown in colour or not; after anything else it would only hide. */
const VARIATION = String.raw`(?<=[\p{Extended_Pictographic}#*0-9])[\ufe0e\ufe0f]`;

const WRITTEN = new RegExp([...JOINER, VARIATION].join('|'), 'gu');

/**
 * No control characters, no lone surrogates, no line breaks, and none that nobody sees: marks that turn the direction
 * of the text around them, zero widths, tags, fillers and other blanks that are no blanks. A name must neither rewrite
 * the line that it stands in nor pass for another one.
 * @see Unicode UAX #9 §2 (explicit directional formatting), UAX #44 (Default_Ignorable_Code_Point)
 */
const FORBIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** One spelling of the same name: composed, without blanks around it. */
export function normalizeDisplayName(name: string): string {
  return name.normalize('NFC').trim();
}

/** @param name normalised. */
export function isDisplayName(name: string): boolean {
  return [...name].length <= DISPLAY_NAME_MAX && VISIBLE.test(name) && !hidesSomething(name);
}

/** Also for what people call a group. */
export function hidesSomething(text: string): boolean {
  return FORBIDDEN.test(text.replaceAll(WRITTEN, ''));
}

/** Makes what another service calls a person fit to be shown; null where nothing of it is left. */
export function presentableName(name: string): string | null {
  const whole = normalizeDisplayName(name.replaceAll(/[\s\p{Cc}]+/gu, ' '));
  const cleaned = hidesSomething(whole) ? whole.replaceAll(new RegExp(FORBIDDEN, 'gu'), '') : whole;
  const cut = [...normalizeDisplayName(cleaned)].slice(0, DISPLAY_NAME_MAX).join('').trim();
  return isDisplayName(cut) ? cut : null;
}
