import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring/key-ring.service.js';
import { signUp } from '../support/people.js';
import { PUBLIC_URL, startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';
import { cookieOf } from './tokens.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const PATH = '/.well-known/jwks.json';

/** Another service: it knows the address of the JWKS and nothing else of us. */
function verifier(baseUrl = server.baseUrl) {
  const keys = createRemoteJWKSet(new URL(PATH, baseUrl));
  const rules = { issuer: PUBLIC_URL, audience: PUBLIC_URL, typ: 'at+jwt', algorithms: ['ES256'] };
  return (token: string) => jwtVerify(token, keys, { ...rules, currentDate: server.clock.now() });
}

describe('verifying access tokens with nothing but the JWKS', () => {
  it('tells who it is, the session, how the person signed in, and nothing personal', async () => {
    const { browser, user } = await signUp(server);
    const { payload, protectedHeader } = await verifier()(cookieOf(browser, 'jwt'));
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    const { session } = (await browser.get('/auth/me')).body;
    const now = server.clock.epochSeconds();
    expect(payload).toEqual({
      iss: PUBLIC_URL,
      aud: PUBLIC_URL,
      sub: user.id,
      sid: session.id,
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 900,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      auth_time: expect.any(Number),
      amr: ['pwd'],
      tfa: true,
    });
    expect(Math.abs((payload.iat ?? 0) - now)).toBeLessThan(60);
  });

  it('refuses expired tokens, and refresh tokens', async () => {
    const { browser } = await signUp(server);
    const verify = verifier();
    await expect(verify(cookieOf(browser, 'refresh'))).rejects.toThrow();
    const jwt = cookieOf(browser, 'jwt');
    server.clock.advance(901);
    await expect(verify(jwt)).rejects.toThrow(/exp/);
  });

  it('publishes public ES256 keys for signing only, cacheable, readable by scripts of any site', async () => {
    const answer = await server.browser().get(PATH);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/(jwk-set\+)?json/);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.setCookies).toEqual([]);
    expect(Object.keys(answer.body)).toEqual(['keys']);
    expect(answer.body.keys.length).toBeGreaterThanOrEqual(2);
    for (const key of answer.body.keys)
      expect(key).toEqual({
        kty: 'EC',
        crv: 'P-256',
        use: 'sig',
        alg: 'ES256',
        kid: expect.stringMatching(/^[\w-]{43}$/),
        x: expect.stringMatching(/^[\w-]{43}$/),
        y: expect.stringMatching(/^[\w-]{43}$/),
      });
  });

  it.each([PATH, '/api/crypto/server-keys'])('answers 304 at %s while nothing has changed', async (path) => {
    const first = await server.browser().get(path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const tags of [etag, `W/${etag}`, `"another", ${etag}`, '*']) {
      const again = await server.browser({ 'if-none-match': tags }).get(path);
      expect(again).toMatchObject({ status: 304, body: null });
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe('public, max-age=300');
    }
    const other = await server.browser({ 'if-none-match': '"another"' }).get(path);
    expect(other).toMatchObject({ status: 200, body: first.body });
  });

  it('survives a rotation: the next key was published before, and old tokens still verify', async () => {
    const replica = await startTestApp({}, server.database);
    try {
      const verify = verifier(replica.baseUrl);
      const { browser } = await signUp(server);
      const before = cookieOf(browser, 'jwt');
      await verify(before);
      const published: { kid: string }[] = (await server.browser().get(PATH)).body.keys;

      await server.app.get(KeyRing).rotate('access-token');
      await browser.post('/auth/refresh', {});
      const after = cookieOf(browser, 'jwt');
      const { kid } = decodeProtectedHeader(after);
      expect(kid).not.toBe(decodeProtectedHeader(before).kid);
      // By the cache that the other service filled before.
      expect(published.map((key) => key.kid)).toContain(kid);
      await verify(after);
      await verify(before);
      for (const jwt of [before, after])
        await until(
          1_000,
          async () => (await replica.browser({ cookie: `jwt=${jwt}` }).get('/auth/me')).status === 200,
        );
    } finally {
      await replica.close();
    }
  });

  it('stops with the key, when that is revoked: remembered tokens too', async () => {
    const { browser } = await signUp(server);
    expect((await browser.get('/auth/me')).status).toBe(200);
    const kid = decodeProtectedHeader(cookieOf(browser, 'jwt')).kid;
    await server.app.get(KeyRing).revoke(kid ?? '');
    await until(1_000, async () => (await browser.get('/auth/me')).status === 401);
    const { keys } = (await server.browser().get(PATH)).body;
    expect(keys.map((key: { kid: string }) => key.kid)).not.toContain(kid);
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    expect((await browser.get('/auth/me')).status).toBe(200);
  });
});
