import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** For the description of the document. */
export const SEALED_REQUESTS = [
  'Every operation without `x-sealable: false` also takes a sealed request: `content-type: application/jose`, the body',
  'a compact JWE (`alg: RSA-OAEP-256`, `enc: A256GCM`, `typ: sealed-req+jwe`, `kid`) to the first encryption key of',
  '`/api/crypto/server-keys`, around a `SealedRequest`. Without a body of its own, or to hide its path, the same goes as',
  '`POST /api/sealed`. The answer is then 200 and `application/jose`: a JWE to `clientKey` (`typ: sealed-res+jwe`) around',
  'a JWS by the server (`typ: sealed-res+jws`, and the `nonce` once more) of a `SealedAnswer`, errors included. Cookies',
  'and tokens outside are ignored, and tokens of sessions stand in the body. What cannot be opened, is not from within',
  '60 s, came before or was meant for another route is answered in plain: `400 invalid_sealed_request`.',
].join('\n');

const base64url = (bytes: number, description: string) =>
  ({ type: 'string', pattern: `^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`, description }) as const;

/** What stands inside the JWEs, which the operations themselves cannot say. */
export const SEALED_SCHEMAS: Schemas = {
  SealedRequest: {
    type: 'object',
    required: ['v', 'method', 'path', 'iat', 'jti', 'clientKey'],
    additionalProperties: false,
    properties: {
      v: { type: 'integer', enum: [1] },
      method: { type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
      path: { type: 'string', description: 'With its query.' },
      iat: { type: 'integer', description: 'Whole seconds since 1970, within 60 s of now.' },
      jti: { type: 'string', pattern: '^[A-Za-z0-9_-]{16,64}$', description: 'Used once.' },
      clientKey: {
        type: 'object',
        description: 'RSA, 3072 to 4096 bits, e = 65537: exactly these members.',
        required: ['kty', 'n', 'e', 'alg', 'use', 'kid'],
        properties: {
          kty: { type: 'string', enum: ['RSA'] },
          n: { type: 'string' },
          e: { type: 'string', enum: ['AQAB'] },
          alg: { type: 'string', enum: ['RSA-OAEP-256'] },
          use: { type: 'string', enum: ['enc'] },
          kid: base64url(32, 'RFC 7638 thumbprint.'),
        },
      },
      accessToken: { type: 'string' },
      body: { type: 'object' },
    },
  },
  SealedAnswer: {
    type: 'object',
    required: ['v', 'jti', 'request', 'nonce', 'status', 'headers', 'body'],
    properties: {
      v: { type: 'integer', enum: [1] },
      jti: { type: 'string', description: "The request's." },
      request: base64url(32, "SHA-256 of the request JWE's ASCII."),
      nonce: base64url(32, 'Random; the same in the header of the JWS.'),
      status: { type: 'integer' },
      headers: {
        type: 'object',
        description:
          'Where the answer has them: content-type, location, retry-after, ratelimit, ratelimit-policy, x-request-id, cache-control.',
        additionalProperties: { type: 'string' },
      },
      body: { description: 'JSON as JSON, other text as a string, null where there is none.' },
    },
  },
};
