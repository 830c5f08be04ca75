import { fromUtf8, isWellFormed } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import type { JsonObject } from './json.js';

/** Nothing of ours nests deeper than a key in a statement in a response. The limit keeps recursion shallow. */
const MAX_DEPTH = 32;

/** A string, or one of the characters that give a text its structure. Runs only on text that `JSON.parse` took. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

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

function refuseAmbiguity(text: string): void {
  /** The names seen in each open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  let string = '""';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('"')) {
      string = token;
      if (!isWellFormed(token.includes('\\') ? unquote(token) : token)) {
        throw new ProtocolError('malformed', 'a string holds half a surrogate pair');
      }
    } else if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > MAX_DEPTH) throw new ProtocolError('malformed', 'JSON is nested too deeply');
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      const name = unquote(string);
      const names = open.at(-1);
      if (names?.has(name)) throw new ProtocolError('malformed', 'a JSON object names a member twice');
      names?.add(name);
    }
  }
}

function unquote(token: string): string {
  return String(JSON.parse(token));
}
