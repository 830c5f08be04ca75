import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { createSecretKey, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG, type Config } from '../../src/config/config.js';
import { signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { compact, cookieOf, forge, present, serverKey } from './tokens.js';

let server: TestApp;
let person: Person;
let refresh: string;
beforeAll(async () => {
  server = await startTestApp();
  person = await signUp(server);
  refresh = cookieOf(person.browser, 'refresh');
});
afterAll(() => server.close());

async function expectRefused(token: string): Promise<void> {
  const inCookie = await server.browser({ cookie: `refresh=${token}` }).post('/auth/refresh', {});
  const inBody = await server.browser().post('/auth/refresh', { refreshToken: token });
  for (const answer of [inCookie, inBody]) {
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
    expect(answer.setCookies).toEqual([]);
  }
}

/** The server's own signing key, as only the server can derive it. */
function refreshKey() {
  const { secrets } = server.app.get<Config>(CONFIG);
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', secrets.jwtRefreshSecret, 'sealgate', 'refresh token', 32)),
  );
}

describe('a token of another kind', () => {
  it('refuses an access token as a refresh token', async () => {
    await expectRefused(cookieOf(person.browser, 'jwt'));
  });

  it('refuses a refresh token as an access token', async () => {
    for (const answer of await present(server, refresh))
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('refuses a refresh token signed with the key of access tokens', async () => {
    const { kid, privateKey } = serverKey(server);
    await expectRefused(await forge(refresh, { header: { alg: 'ES256', kid } }, privateKey));
  });

  it('refuses an access token signed with the key of refresh tokens', async () => {
    const jwt = cookieOf(person.browser, 'jwt');
    const token = await forge(
      jwt,
      { header: { alg: 'HS256' }, key: refreshKey() },
      serverKey(server).privateKey,
    );
    for (const answer of await present(server, token)) expect(answer.status).toBe(401);
  });

  it.each([
    ['empty', () => new Uint8Array(32)],
    [
      'the raw variable',
      () => new TextEncoder().encode(server.app.get<Config>(CONFIG).secrets.jwtRefreshSecret),
    ],
    [
      'the public key as PEM',
      () =>
        new TextEncoder().encode(String(serverKey(server).publicKey.export({ format: 'pem', type: 'spki' }))),
    ],
    ['the public key as JWK', () => new TextEncoder().encode(JSON.stringify(serverKey(server).publicJwk))],
  ])('refuses HS256 with the secret %s', async (_, secret) => {
    await expectRefused(await forge(refresh, { key: secret() }, serverKey(server).privateKey));
  });

  it('refuses alg none, however it is spelled', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', ''])
      await expectRefused(compact({ ...decodeProtectedHeader(refresh), alg }, decodeJwt(refresh)));
  });

  it('refuses what the server signed with another typ, issuer, audience, algorithm or session', async () => {
    const key = refreshKey();
    const { privateKey } = serverKey(server);
    const changes = [
      { header: { typ: 'at+jwt' } },
      { header: { typ: 'JWT' } },
      { header: { typ: undefined } },
      { header: { alg: 'HS384' } },
      { header: { alg: 'HS512' } },
      { payload: { iss: 'https://evil.example' } },
      { payload: { aud: 'http://localhost:3000' } },
      { payload: { aud: undefined } },
      { payload: { exp: server.clock.epochSeconds() - 1 } },
      { payload: { sid: undefined } },
      { payload: { sid: "' OR true --" } },
      { payload: { sid: [decodeJwt(refresh)['sid']] } },
      { payload: { sid: '0190a3c0-0000-7000-8000-000000000000' } },
    ];
    for (const change of changes)
      await expectRefused(await forge(refresh, { ...change, key: wide(key, change) }, privateKey));
    // None of these was taken for theft: the person goes on.
    expect((await person.browser.post('/auth/refresh', {})).status).toBe(200);
  });

  it('takes a token that the server could have signed but never gave for theft', async () => {
    const victim = await signUp(server);
    const { sub, sid } = decodeJwt(cookieOf(victim.browser, 'refresh')) as { sub: string; sid: string };
    const made = await new SignJWT({ sid, jti: 'x' })
      .setProtectedHeader({ alg: 'HS256', typ: 'rt+jwt' })
      .setIssuer('http://localhost:3000')
      .setAudience('http://localhost:3000/auth/refresh')
      .setSubject(sub)
      .setExpirationTime('1h')
      .sign(refreshKey());
    await expectRefused(made);
    expect((await victim.browser.get('/auth/me')).status).toBe(401);
  });

  it('signs nobody out with a forged token', async () => {
    const victim = await signUp(server);
    const access = cookieOf(victim.browser, 'jwt');
    const forged = [
      await forge(
        access,
        { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
        serverKey(server).privateKey,
      ),
      compact({ alg: 'none', typ: 'at+jwt' }, decodeJwt(access)),
    ];
    for (const token of forged) {
      expect((await server.browser({ cookie: `jwt=${token}` }).post('/auth/logout', {})).status).toBe(204);
      expect(
        (await server.browser({ authorization: `Bearer ${token}` }).post('/auth/logout', {})).status,
      ).toBe(204);
    }
    const alien = await forge(
      cookieOf(victim.browser, 'refresh'),
      { key: new Uint8Array(32) },
      serverKey(server).privateKey,
    );
    expect((await server.browser().post('/auth/logout', { refreshToken: alien })).status).toBe(204);
    expect((await victim.browser.get('/auth/me')).status).toBe(200);
  });
});

/** jose asks for a longer key with the longer hashes; the server would take the same bytes. */
function wide(key: ReturnType<typeof refreshKey>, change: { header?: Record<string, unknown> }) {
  const alg = change.header?.['alg'];
  return alg === undefined ? key : createSecretKey(Buffer.concat([key.export(), Buffer.alloc(32)]));
}
