import { decodeBase64url, encodeBase64url, type SealedRequest } from '@sealgate/protocol';
import { CompactEncrypt, importJWK } from 'jose';
import { testKeys } from '../../packages/protocol/src/testing/test-keys.js';
import type { SealedClient } from './sealed-client.js';

/** A request that no client of ours would make: `content` as it is, or changed members of a good one. */
export async function forge(
  client: SealedClient,
  {
    content,
    change,
    header,
  }: { content?: string; change?: Record<string, unknown>; header?: Record<string, string> },
): Promise<string> {
  const [key] = client.serverKeys.encryption;
  if (key === undefined) throw new Error('the server has no key');
  const good = {
    v: 1,
    method: 'POST',
    path: '/auth/register',
    iat: client.server.clock.epochSeconds(),
    jti: crypto.randomUUID(),
    clientKey: client.keys.jwk,
    body: {},
  } satisfies SealedRequest & { v: number };
  const plaintext = new TextEncoder().encode(content ?? JSON.stringify({ ...good, ...change }));
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
      typ: 'sealed-req+jwe',
      kid: key.kid,
      ...header,
    })
    .encrypt(await importJWK({ ...key, alg: header?.['alg'] ?? key.alg }, header?.['alg'] ?? 'RSA-OAEP-256'));
}

/** The same JWE with other header members, or another bit in one of its five parts. */
export function withHeader(jwe: string, change: Record<string, unknown>): string {
  const [header = '', ...rest] = jwe.split('.');
  const parsed = JSON.parse(new TextDecoder().decode(decodeBase64url(header))) as object;
  const text = JSON.stringify({ ...parsed, ...change });
  return [encodeBase64url(new TextEncoder().encode(text)), ...rest].join('.');
}

export function flipBit(jwe: string, part: number, bit: number): string {
  const parts = jwe.split('.');
  const bytes = Uint8Array.from(decodeBase64url(parts[part] ?? ''));
  const at = Math.floor(bit / 8) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  parts[part] = encodeBase64url(bytes);
  return parts.join('.');
}

/** Kinds of refusal: each fails at another place. Sent to `POST /auth/register`. */
export async function refusals(client: SealedClient): Promise<Record<string, string>> {
  const good = await forge(client, {});
  const parts = good.split('.');
  const { jwk } = client.keys;
  const small = { ...jwk, n: jwk.n.slice(0, 342) };
  return {
    nothing: '',
    'no JWE': 'hello',
    'an empty JWE': '....',
    padding: `${good}=`,
    'white space': ` ${good}`,
    'six parts': `${good}.`,
    'a part too few': parts.slice(0, 4).join('.'),
    'bad base64url': [...parts.slice(0, 3), `${parts[3]?.slice(0, -1)}!`, parts[4]].join('.'),
    'a header that is no JSON': ['e30x', ...parts.slice(1)].join('.'),
    'another typ': withHeader(good, { typ: 'sealed-res+jwe' }),
    'another enc': withHeader(good, { enc: 'A128GCM' }),
    compression: withHeader(good, { zip: 'DEF' }),
    'RSA-OAEP with SHA-1': await forge(client, { header: { alg: 'RSA-OAEP' } }),
    'RSA 1.5': withHeader(good, { alg: 'RSA1_5' }),
    'a direct key': withHeader(good, { alg: 'dir' }),
    'a key by URL': withHeader(good, { jku: 'https://evil.example' }),
    'an unknown key': withHeader(good, { kid: jwk.kid }),
    'a key for signatures': withHeader(good, { kid: [...client.serverKeys.signing.keys()][0] }),
    'another header': withHeader(good, { kid: client.serverKeys.encryption[1]?.kid }),
    'another encrypted key': flipBit(good, 1, 9),
    'an encrypted key of zeros': [parts[0], 'A'.repeat(512), ...parts.slice(2)].join('.'),
    'another iv': flipBit(good, 2, 9),
    'another ciphertext': flipBit(good, 3, 9),
    'another tag': flipBit(good, 4, 9),
    'no JSON': await forge(client, { content: '{' }),
    'no content': await forge(client, { content: ' ' }),
    'a member twice': await forge(client, { content: '{"v":1,"v":1}' }),
    'an unknown member': await forge(client, { change: { admin: true } }),
    'another version': await forge(client, { change: { v: 2 } }),
    'no jti': await forge(client, { change: { jti: undefined } }),
    'a short jti': await forge(client, { change: { jti: 'taken' } }),
    'a body that is no object': await forge(client, { change: { body: [] } }),
    'no client key': await forge(client, { change: { clientKey: null } }),
    'a client key with e = 1': await forge(client, { change: { clientKey: { ...jwk, e: 'AQ' } } }),
    'a small client key': await forge(client, { change: { clientKey: small } }),
    'a private client key': await forge(client, { change: { clientKey: { ...jwk, d: 'AQAB' } } }),
    'another thumbprint': await forge(client, {
      change: { clientKey: { ...jwk, kid: (await testKeys('eve')).encryption.jwk.kid } },
    }),
    'another path': await forge(client, { change: { path: '/auth/login' } }),
    'a query': await forge(client, { change: { path: '/auth/register?x=1' } }),
    'another spelling of the path': await forge(client, { change: { path: '/auth/./register' } }),
    'another method': await forge(client, { change: { method: 'PUT' } }),
    'from yesterday': await forge(client, {
      change: { iat: client.server.clock.epochSeconds() - 24 * 3600 },
    }),
    'from tomorrow': await forge(client, {
      change: { iat: client.server.clock.epochSeconds() + 24 * 3600 },
    }),
  };
}
