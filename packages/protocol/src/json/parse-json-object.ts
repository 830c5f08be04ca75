import { fromUtf8, isWellFormed } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import type { JsonObject } from './json.js';

/** Nothing of ours nests deeper than a key in a statement in a response. The limit keeps recursion shallow. */
const MAX_DEPTH = 32;

const HALF_PAIR = 'a string holds half a surrogate pair';

/**
 * One JSON object from UTF-8 or text. Unlike `JSON.parse` it refuses an object that names a member twice: two
 * readers could each take another one, and so see two messages behind one signature.
 *
 * @throws ProtocolError `malformed` for anything but one object in valid UTF-8, for a member named twice, a lone
 *   surrogate, or more than 32 levels
 * @see RFC 7493 §2
 */
export function parseJsonObject(input: string | Uint8Array): JsonObject {
  const text = typeof input === 'string' ? input : fromUtf8(input);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('malformed', 'not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProtocolError('malformed', 'not a JSON object');
  }
  refuseAmbiguity(text);
  return value as JsonObject;
}

/** Runs only on text that `JSON.parse` took. One pass over the characters: a hostile megabyte costs milliseconds. */
function refuseAmbiguity(text: string): void {
  if (!isWellFormed(text)) throw new ProtocolError('malformed', HALF_PAIR);
  /** The names seen in each open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  let string = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      string = unquote(text.slice(at, end));
      at = end - 1;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null);
      if (open.length > MAX_DEPTH) throw new ProtocolError('malformed', 'JSON is nested too deeply');
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === ':') {
      const names = open.at(-1);
      if (names?.has(string)) throw new ProtocolError('malformed', 'a JSON object names a member twice');
      names?.add(string);
    }
  }
}

/** Behind the closing quotation mark of the string that begins here. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}

function unquote(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  const string = String(JSON.parse(token));
  if (!isWellFormed(string)) throw new ProtocolError('malformed', HALF_PAIR);
  return string;
}
