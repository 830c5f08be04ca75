import { type Bytes, equalBytes, utf8 } from '../bytes.js';
import { canonicalize } from '../json/canonicalize.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import type { ParsedKeyStatement } from '../keys/key-statement.js';
import { check, exactObject, integerOf, sha256TextOf, uuidOf } from '../shape.js';

/** A leaf of the key log: which statement is that user's that version. `statement` is its `payloadHash`. */
export interface LogEntry {
  readonly v: 1;
  readonly user: string;
  readonly version: number;
  readonly statement: string;
}

/** The leaf that a key statement becomes. */
export function logEntryOf({ payload, payloadHash }: ParsedKeyStatement): LogEntry {
  return { v: 1, user: payload.user, version: payload.version, statement: payloadHash };
}

/** The bytes that `leafHash` takes: the entry in its RFC 8785 form. */
export function leafData({ user, version, statement }: LogEntry): Bytes {
  return utf8(canonicalize({ v: 1, user, version, statement }));
}

/**
 * The entry of the bytes that a leaf is made of. Other bytes of the same meaning (another order, white space) are
 * refused: they have another hash.
 *
 * @throws ProtocolError `malformed`
 */
export function parseLeafData(data: Uint8Array): LogEntry {
  const entry = parseLogEntry(parseJsonObject(data));
  check(equalBytes(leafData(entry), data), 'the leaf is not in its canonical form');
  return entry;
}

/**
 * An entry as the log's routes give it.
 *
 * @throws ProtocolError `malformed`
 */
export function parseLogEntry(value: unknown): LogEntry {
  const entry = exactObject(value, 'the entry', ['v', 'user', 'version', 'statement']);
  check(entry.v === 1, 'the entry is of an unknown kind');
  return {
    v: 1,
    user: uuidOf(entry.user, 'user'),
    version: integerOf(entry.version, 'version', 1),
    statement: sha256TextOf(entry.statement, 'statement'),
  };
}
