/** One pair of a `Cookie` header, as it was sent. */
export interface CookiePair {
  readonly name: string;
  readonly value: string;
}

/**
 * The pairs of a `Cookie` header, in its order; what has no `=` or no name is none. Only blanks and tabs are taken off:
 * `trim()` would also take U+00A0 off, as which the byte 0xA0 arrives, and a cookie that a sibling domain may set
 * would pass for one whose prefix says that none but this host has set it.
 * @see RFC 6265bis §5.6 (whitespace), §4.1.3 (prefixes)
 */
export function parseCookies(header: string | undefined): readonly CookiePair[] {
  // Several ask about the same request, one after the other.
  if (last === null || last.header !== header) last = { header, pairs: parse(header) };
  return last.pairs;
}

let last: { readonly header: string | undefined; readonly pairs: readonly CookiePair[] } | null = null;

function parse(header: string | undefined): CookiePair[] {
  const pairs: CookiePair[] = [];
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = stripBlanks(pair.slice(0, Math.max(at, 0)));
    if (name !== '') pairs.push({ name, value: stripBlanks(pair.slice(at + 1)) });
  }
  return pairs;
}

/** All values of one cookie; more than one where several hosts or paths have set it. */
export function cookieValues(header: string | undefined, name: string): string[] {
  return parseCookies(header)
    .filter((pair) => pair.name === name)
    .map(({ value }) => value);
}

function stripBlanks(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
}
