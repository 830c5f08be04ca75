import { isWellFormed } from '../bytes.js';
import type { JsonValue } from './json.js';

/**
 * The one text that RFC 8785 gives a JSON value: members sorted by UTF-16 code units, no white space, numbers and
 * strings as ECMAScript writes them. Everyone who hashes the value hashes these bytes.
 *
 * @throws TypeError for what JSON cannot hold: `undefined`, an infinity, half a surrogate pair
 * @see RFC 8785 §3.2
 */
export function canonicalize(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${scalar(name)}:${canonicalize(member)}`).join(',')}}`;
  }
  return scalar(value);
}

function scalar(value: null | boolean | number | string): string {
  const isJson =
    value === null ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (typeof value === 'string' && isWellFormed(value));
  if (!isJson) throw new TypeError('only JSON has a canonical form');
  return JSON.stringify(value);
}
