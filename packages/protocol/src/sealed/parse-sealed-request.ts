import { parseJsonObject } from '../json/parse-json-object.js';
import type { JsonObject } from '../json/json.js';
import { parseEncryptionJwk } from '../keys/parse-public-jwk.js';
import { check, exactObject, integerOf } from '../shape.js';
import type { SealedRequest } from './sealed-request.js';

const METHOD = /^[A-Z]{3,7}$/;
/** Visible ASCII from a slash on, without a fragment. */
const PATH = /^\/[!"$-~]{0,4095}$/;
const JTI = /^[A-Za-z0-9_-]{16,64}$/;
const ACCESS_TOKEN = /^[!-~]{1,4096}$/;

const MEMBERS = ['v', 'method', 'path', 'iat', 'jti', 'clientKey'] as const;

/**
 * The plaintext of a sealed request, every member checked.
 *
 * @throws ProtocolError `malformed`, or the rule that the client's key breaks
 */
export async function parseSealedRequest(plaintext: Uint8Array): Promise<SealedRequest> {
  const request = exactObject(parseJsonObject(plaintext), 'the request', MEMBERS, ['accessToken', 'body']);
  check(request.v === 1, 'the request is of an unknown kind');
  const { body } = request;
  check(
    body === undefined || (typeof body === 'object' && body !== null && !Array.isArray(body)),
    'body is no object',
  );
  return {
    method: matching(request.method, 'method', METHOD),
    path: matching(request.path, 'path', PATH),
    iat: integerOf(request.iat, 'iat', 0),
    jti: matching(request.jti, 'jti', JTI),
    clientKey: await parseEncryptionJwk(request.clientKey),
    ...('accessToken' in request && {
      accessToken: matching(request.accessToken, 'accessToken', ACCESS_TOKEN),
    }),
    ...(body !== undefined && { body: body as JsonObject }),
  };
}

function matching(value: unknown, what: string, pattern: RegExp): string {
  check(typeof value === 'string' && pattern.test(value), `${what} is malformed`);
  return value;
}
