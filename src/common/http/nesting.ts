const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * How deep objects and arrays stand in each other in a JSON text, without parsing it. What is deeper than any body of
 * ours would exhaust the stack of whoever walks it.
 * @returns true as soon as the text is deeper than `limit`.
 */
export function isNestedDeeperThan(json: string, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i);
    if (isInString) {
      if (char === BACKSLASH) i++;
      else if (char === QUOTE) isInString = false;
    } else if (char === QUOTE) isInString = true;
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > limit) return true;
    } else if (char === 0x7d || char === 0x5d) depth--;
  }
  return false;
}
