import { ProtocolError } from './errors.js';

/** Bytes in memory of their own: what WebCrypto takes in every runtime. */
export type Bytes = Uint8Array<ArrayBuffer>;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** `TextEncoder` would turn a lone surrogate into U+FFFD, and so let two different texts become the same bytes. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Text as UTF-8. */
export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/**
 * UTF-8 as text. A byte order mark is kept, so that it cannot be hidden in front of something signed.
 *
 * @throws ProtocolError `malformed` where the bytes are not valid UTF-8
 */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProtocolError('malformed', 'the bytes are not valid UTF-8', { cause });
  }
}

/** The parts one after the other. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether both hold the same bytes, found out in a time that depends on the length alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (const [i, byte] of a.entries()) difference |= byte ^ (b[i] ?? 0);
  return difference === 0;
}
