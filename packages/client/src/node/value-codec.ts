import { deserialize, serialize } from 'node:v8';

/** Values as bytes: structured clones, so that what is read is what was written, bytes and dates included. */
export function encodeValues(values: ReadonlyMap<string, unknown>): Buffer {
  return serialize(values);
}

/** Only of bytes that were authenticated: `deserialize` is not made for an attacker's. */
export function decodeValues(bytes: Buffer): Map<string, unknown> {
  const values: unknown = deserialize(bytes);
  if (!(values instanceof Map)) throw new Error('the storage holds something else');
  return values as Map<string, unknown>;
}
