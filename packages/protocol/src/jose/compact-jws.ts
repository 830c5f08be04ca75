import { decodeBase64url } from '../base64url.js';
import { type Bytes, utf8 } from '../bytes.js';
import type { JsonObject } from '../json/json.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import { base64urlOf, check } from '../shape.js';

/** More than any header of ours, as base64url. */
export const MAX_JWS_HEADER_LENGTH = 256;

/** An ES256 signature as base64url. */
export const SIGNATURE_LENGTH = 86;

/** A signed text taken apart, its signature not yet checked. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly payload: Bytes;
  readonly signedData: Bytes;
  readonly signature: Bytes;
}

/**
 * A compact JWS by ES256, taken apart strictly.
 *
 * @param maxPayloadLength in characters of base64url
 * @throws ProtocolError `malformed`
 * @see RFC 7515 §7.1
 */
export function parseCompactJws(text: string, maxPayloadLength: number): CompactJws {
  check(
    text.length <= MAX_JWS_HEADER_LENGTH + maxPayloadLength + SIGNATURE_LENGTH + 2,
    'the JWS is too long',
  );
  const parts = text.split('.');
  check(parts.length === 3, 'a compact JWS has three parts');
  const [header, payload, signature] = parts;
  return {
    header: parseJsonObject(decodeBase64url(base64urlOf(header, 'the header', 1, MAX_JWS_HEADER_LENGTH))),
    payload: decodeBase64url(base64urlOf(payload, 'the payload', 1, maxPayloadLength)),
    signedData: utf8(`${String(header)}.${String(payload)}`),
    signature: decodeBase64url(base64urlOf(signature, 'the signature', SIGNATURE_LENGTH)),
  };
}
