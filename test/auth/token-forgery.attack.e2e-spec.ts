import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyPurpose } from '../../src/crypto/key-ring/server-key.entity.js';
import { signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { compact, cookieOf, forge, present, serverKey, type Changes } from './tokens.js';

let server: TestApp;
let person: Person;
let token: string;
beforeAll(async () => {
  server = await startTestApp();
  person = await signUp(server);
  token = cookieOf(person.browser, 'jwt');
});
afterAll(() => server.close());

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

async function expectRefused(forged: string): Promise<void> {
  for (const answer of await present(server, forged)) {
    expect(answer, forged.slice(0, 200)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(answer.setCookies).toEqual([]);
  }
}

/** Changed and signed with the server's own key: only the change can be what is refused. */
const genuine = (changes: Changes) => forge(token, changes, serverKey(server).privateKey);

describe('the control', () => {
  it('takes the same token, signed anew without a change', async () => {
    for (const answer of await present(server, await genuine({}))) expect(answer.status).toBe(200);
  });
});

describe('forging an access token', () => {
  it('refuses no token, an empty one, and what is none', async () => {
    expect((await server.browser().get('/auth/me')).body.code).toBe('unauthenticated');
    for (const nonsense of [
      '',
      'x',
      '.',
      '..',
      '...',
      'null',
      '{}',
      'a.b.c',
      `${token}.`,
      `.${token}`,
      `${token}.x`,
    ])
      await expectRefused(nonsense);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Token x', 'Bearer a b', 'DPoP x'])(
    'does not fall back to the cookie where Authorization is %j',
    async (authorization) => {
      const answer = await server.browser({ authorization, cookie: `jwt=${token}` }).get('/auth/me');
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    },
  );

  it('refuses a signature that is wrong, cut, empty, of another token or by another key', async () => {
    const [header, payload, signature = ''] = token.split('.');
    const flipped = Buffer.from(signature, 'base64url');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    const other = cookieOf((await signUp(server)).browser, 'jwt').split('.')[2];
    const der = '3045022100' + '11'.repeat(32) + '0220' + '11'.repeat(32);
    for (const wrong of [
      flipped.toString('base64url'),
      signature.slice(0, -4),
      '',
      other,
      Buffer.alloc(64).toString('base64url'),
      Buffer.from(der, 'hex').toString('base64url'),
      `${signature}AAAA`,
    ])
      await expectRefused(`${header}.${payload}.${wrong}`);
    await expectRefused(await genuine({ key: stranger.privateKey }));
  });

  it('refuses a payload that was changed under the old signature', async () => {
    const [header = '', , signature = ''] = token.split('.');
    const victim = await signUp(server);
    for (const change of [{ sub: victim.user.id }, { exp: 4102444800 }, { tfa: true, sub: victim.user.id }]) {
      const body = Buffer.from(JSON.stringify({ ...decodeJwt(token), ...change })).toString('base64url');
      await expectRefused(`${header}.${body}.${signature}`);
    }
  });

  it.each([
    ['typ JWT', { header: { typ: 'JWT' } }],
    ['typ rt+jwt', { header: { typ: 'rt+jwt' } }],
    ['typ AT+JWT', { header: { typ: 'AT+JWT' } }],
    ['no typ', { header: { typ: undefined } }],
    ['another issuer', { payload: { iss: 'https://evil.example' } }],
    ['an issuer with a slash more', { payload: { iss: 'http://localhost:3000/' } }],
    ['no issuer', { payload: { iss: undefined } }],
    ['another audience', { payload: { aud: 'https://evil.example' } }],
    ['the audience of refresh tokens', { payload: { aud: 'http://localhost:3000/auth/refresh' } }],
    ['no audience', { payload: { aud: undefined } }],
    ['no expiry', { payload: { exp: undefined } }],
    ['an expiry that is a string', { payload: { exp: '4102444800' } }],
    ['no session', { payload: { sid: undefined } }],
    ['a session that is no id', { payload: { sid: '1 OR 1=1' } }],
    ['a list of sessions', { payload: { sid: ['0190a3c0-0000-7000-8000-000000000000'] } }],
    ['no subject', { payload: { sub: undefined } }],
    ['a subject that is no id', { payload: { sub: 'root' } }],
    ['no kid', { header: { kid: undefined } }],
    ['a kid that is a number', { header: { kid: 0 } }],
    ['a kid that is a list', { header: { kid: [] } }],
    ['an unknown kid', { header: { kid: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } }],
    ['a kid that is a path', { header: { kid: '../../../../dev/null' } }],
    ['a kid that is SQL', { header: { kid: "' UNION SELECT '' --" } }],
    ['a kid that is a shell command', { header: { kid: '$(id)|id;`id`' } }],
    ['a kid of every object', { header: { kid: '__proto__' } }],
    ['the kid constructor', { header: { kid: 'constructor' } }],
    ['a kid with a NUL', { header: { kid: 'a\u0000b' } }],
    ['a kid that is a URL', { header: { kid: 'https://evil.example/jwks.json' } }],
    ['a header jku', { header: { jku: 'https://evil.example/jwks.json' } }],
    ['a header x5u', { header: { x5u: 'https://evil.example/cert.pem' } }],
    ['a header x5c', { header: { x5c: ['MIIB'] } }],
    ['a header crit', { header: { crit: ['exp'], exp: 1 } }],
    ['a header crit of something unknown', { header: { crit: ['urn:evil'], 'urn:evil': true } }],
    ['a header b64', { header: { crit: ['urn:b64'], 'urn:b64': false } }],
    ['a header cty', { header: { cty: 'JWT' } }],
    ['a header zip', { header: { zip: 'DEF' } }],
  ] as [string, Changes][])('refuses what the server signed itself with %s', async (_, changes) => {
    await expectRefused(await genuine(changes));
  });

  it('refuses a key that the token brings along', async () => {
    const jwk = stranger.publicKey.export({ format: 'jwk' });
    await expectRefused(await genuine({ header: { jwk }, key: stranger.privateKey }));
    await expectRefused(await genuine({ header: { jwk, kid: undefined }, key: stranger.privateKey }));
    await expectRefused(await genuine({ header: { jwk: serverKey(server).publicJwk } }));
  });

  it('refuses keys of the ring that are for another purpose', async () => {
    const purposes: [KeyPurpose, string][] = [
      ['sealed-signature', 'ES256'],
      ['key-log', 'EdDSA'],
      ['key-log', 'ES256'],
    ];
    for (const [purpose, alg] of purposes) {
      const { kid, privateKey } = serverKey(server, purpose);
      const parts = token.split('.');
      const forged =
        purpose === 'key-log' && alg === 'ES256'
          ? compact({ alg, typ: 'at+jwt', kid }, decodeJwt(token), parts[2])
          : await genuine({ header: { kid, alg }, key: privateKey });
      await expectRefused(forged);
    }
    // And their kid with the right key.
    for (const purpose of ['sealed-signature', 'key-log', 'sealed-encryption'] as const)
      await expectRefused(await genuine({ header: { kid: serverKey(server, purpose).kid } }));
  });

  it('refuses HS256 with whatever is published of the key', async () => {
    const { publicKey, publicJwk, kid } = serverKey(server);
    const pem = String(publicKey.export({ format: 'pem', type: 'spki' }));
    const secrets = [
      pem,
      pem.trimEnd(),
      JSON.stringify(publicJwk),
      publicKey.export({ format: 'der', type: 'spki' }),
      Buffer.from(publicJwk.x ?? '', 'base64url'),
      kid,
      '',
    ];
    for (const secret of secrets)
      for (const alg of ['HS256', 'HS384', 'HS512']) await expectRefused(hmac(alg, Buffer.from(secret)));
  });

  it('refuses alg none, however it is spelled, with and without a signature', async () => {
    const header = decodeProtectedHeader(token);
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined, ['ES256'], 'es256', 'ES256 '])
      for (const signature of ['', token.split('.')[2] ?? ''])
        await expectRefused(compact({ ...header, alg }, decodeJwt(token), signature));
  });

  it('refuses another algorithm with a key of its own', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    const ed = generateKeyPairSync('ed25519').privateKey;
    for (const [alg, key] of [
      ['RS256', rsa],
      ['PS256', rsa],
      ['ES384', p384],
      ['EdDSA', ed],
    ] as const)
      await expectRefused(await genuine({ header: { alg }, key }));
  });

  it('refuses a token from the moment that it expires', async () => {
    const soon = await genuine({ payload: { exp: server.clock.epochSeconds() + 60 } });
    for (const answer of await present(server, soon)) expect(answer.status).toBe(200);
    const past = await genuine({ payload: { exp: server.clock.epochSeconds() } });
    await expectRefused(past);
    server.clock.advance(61);
    // Also one that was verified before and is remembered.
    await expectRefused(soon);
  });

  it('refuses huge tokens and huge parts quickly', async () => {
    const huge = 'A'.repeat(12_000);
    const began = performance.now();
    await expectRefused(huge);
    await expectRefused(`${huge}.${huge.slice(0, 100)}.x`);
    await expectRefused(await genuine({ payload: { padding: 'x'.repeat(4_000) } }));
    await expectRefused('.'.repeat(10_000));
    await expectRefused(compact('['.repeat(1_500), {}));
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('refuses tokens of a session that ended, though they are genuine and fresh', async () => {
    const victim = await signUp(server);
    const kept = cookieOf(victim.browser, 'jwt');
    for (const answer of await present(server, kept)) expect(answer.status).toBe(200);
    await victim.browser.post('/auth/logout', {});
    await expectRefused(kept);
    await expectRefused(await forge(kept, { payload: { jti: 'another' } }, serverKey(server).privateKey));
  });
});

/** Signed by hand: jose refuses to use such short and public secrets. */
function hmac(alg: string, secret: Buffer): string {
  const signed = compact({ ...decodeProtectedHeader(token), alg }, decodeJwt(token)).slice(0, -1);
  const digest = createHmac(alg.replace('HS', 'sha'), secret).update(signed).digest('base64url');
  return `${signed}.${digest}`;
}
