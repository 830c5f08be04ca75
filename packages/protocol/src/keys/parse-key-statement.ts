import { decodeBase64url } from '../base64url.js';
import { ProtocolError } from '../errors.js';
import { sha256Base64url } from '../hash.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import {
  arrayOf,
  base64urlOf,
  check,
  exactObject,
  integerOf,
  sha256TextOf,
  timeOf,
  uuidOf,
} from '../shape.js';
import {
  KEY_STATEMENT_TYP,
  type KeyStatementJson,
  type KeyStatementPayload,
  type ParsedKeyStatement,
} from './key-statement.js';
import { parseEncryptionJwk, parseSigningJwk } from './parse-public-jwk.js';

/** A statement with a 4096-bit key has some 1 500 characters. */
const MAX_PAYLOAD_LENGTH = 4096;

/** The largest `integer` of PostgreSQL. */
const MAX_VERSION = 2 ** 31 - 1;

const PAYLOAD_MEMBERS = [
  'v',
  'user',
  'version',
  'encryptionKey',
  'signingKey',
  'previous',
  'reset',
  'createdAt',
] as const;

/**
 * A key statement's syntax, the rules of its keys, and everything else that can be told without another statement.
 * Its signatures are still to be checked, by `verifyKeyStatement`.
 *
 * @param value the statement as parsed JSON, from anyone
 * @throws ProtocolError with the rule that it breaks
 */
export async function parseKeyStatement(value: unknown): Promise<ParsedKeyStatement> {
  const jws = exactObject(value, 'the statement', ['payload', 'signatures']);
  const payload = base64urlOf(jws.payload, 'the payload', 1, MAX_PAYLOAD_LENGTH);
  const signatures = arrayOf(jws.signatures, 'signatures', 1, 2).map(parseSignature);
  const payloadBytes = decodeBase64url(payload);
  const parsed = await parsePayload(payloadBytes);
  const kids = { encryption: parsed.encryptionKey.kid, signing: parsed.signingKey.kid };
  const signedBy = signatures.map(({ kid }) => kid);
  requireSigners(parsed, signedBy);
  const json: KeyStatementJson = {
    payload,
    signatures: signatures.map((signature) => ({
      protected: signature.protected,
      signature: signature.signature,
    })),
  };
  return {
    json,
    payload: parsed,
    payloadBytes,
    payloadHash: await sha256Base64url(payloadBytes),
    kids,
    signedBy,
  };
}

function parseSignature(value: unknown) {
  const entry = exactObject(value, 'a signature', ['protected', 'signature']);
  const protectedHeader = base64urlOf(entry.protected, 'the protected header', 1, 256);
  const header = exactObject(parseJsonObject(decodeBase64url(protectedHeader)), 'the protected header', [
    'alg',
    'kid',
    'typ',
  ]);
  if (header.alg !== 'ES256') throw new ProtocolError('algorithm', 'a signature is not by ES256');
  check(header.typ === KEY_STATEMENT_TYP, 'a signature is for something other than a key statement');
  return {
    kid: sha256TextOf(header.kid, 'kid'),
    protected: protectedHeader,
    signature: base64urlOf(entry.signature, 'the signature', 86),
  };
}

async function parsePayload(bytes: Uint8Array): Promise<KeyStatementPayload> {
  const payload = exactObject(parseJsonObject(bytes), 'the payload', PAYLOAD_MEMBERS);
  check(payload.v === 1, 'the statement is of an unknown kind');
  check(typeof payload.reset === 'boolean', 'reset is not a boolean');
  const statement: KeyStatementPayload = {
    v: 1,
    user: uuidOf(payload.user, 'user'),
    version: integerOf(payload.version, 'version', 1, MAX_VERSION),
    encryptionKey: await parseEncryptionJwk(payload.encryptionKey),
    signingKey: await parseSigningJwk(payload.signingKey),
    previous: payload.previous === null ? null : sha256TextOf(payload.previous, 'previous'),
    reset: payload.reset,
    createdAt: timeOf(payload.createdAt, 'createdAt'),
  };
  const isFirst = statement.version === 1;
  if (isFirst !== (statement.previous === null)) {
    throw new ProtocolError('previous', 'the first statement has no previous one, and every other has one');
  }
  if (isFirst && statement.reset) throw new ProtocolError('reset', 'the first statement resets nothing');
  return statement;
}

function requireSigners(
  { version, reset, signingKey }: KeyStatementPayload,
  signedBy: readonly string[],
): void {
  const expected = version === 1 || reset ? 1 : 2;
  if (signedBy.length !== expected || signedBy[0] !== signingKey.kid || signedBy[1] === signingKey.kid) {
    throw new ProtocolError(
      'signature',
      'the statement is not signed by the keys that must sign it, the new one first',
    );
  }
}
