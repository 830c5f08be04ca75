import { decodeJwt } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signUp } from '../support/people.js';
import { useForger } from './forger.js';
import { compact, cookieOf, forge, present, serverKey, type Changes } from './tokens.js';

const forger = useForger();

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('the control', () => {
  it('takes the same token, signed anew without a change', async () => {
    for (const answer of await present(forger.server, await forger.genuine({})))
      expect(answer.status).toBe(200);
  });
});

describe('forging an access token', () => {
  it('refuses no token, an empty one, and what is none', async () => {
    expect((await forger.server.browser().get('/auth/me')).body.code).toBe('unauthenticated');
    for (const nonsense of [
      '',
      'x',
      '.',
      '..',
      '...',
      'null',
      '{}',
      'a.b.c',
      `${forger.token}.`,
      `.${forger.token}`,
      `${forger.token}.x`,
    ])
      await forger.expectRefused(nonsense);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Token x', 'Bearer a b', 'DPoP x'])(
    'does not fall back to the cookie where Authorization is %j',
    async (authorization) => {
      const answer = await forger.server
        .browser({ authorization, cookie: `jwt=${forger.token}` })
        .get('/auth/me');
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    },
  );

  it('refuses a signature that is wrong, cut, empty, of another token or by another key', async () => {
    const [header, payload, signature = ''] = forger.token.split('.');
    const flipped = Buffer.from(signature, 'base64url');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    const other = cookieOf((await signUp(forger.server)).browser, 'jwt').split('.')[2];
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
      await forger.expectRefused(`${header}.${payload}.${wrong}`);
    await forger.expectRefused(await forger.genuine({ key: stranger.privateKey }));
  });

  it('refuses a payload that was changed under the old signature', async () => {
    const [header = '', , signature = ''] = forger.token.split('.');
    const victim = await signUp(forger.server);
    for (const change of [{ sub: victim.user.id }, { exp: 4102444800 }, { tfa: true, sub: victim.user.id }]) {
      const body = Buffer.from(JSON.stringify({ ...decodeJwt(forger.token), ...change })).toString(
        'base64url',
      );
      await forger.expectRefused(`${header}.${body}.${signature}`);
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
    ['a header jku', { header: { jku: 'https://evil.example/jwks.json' } }],
    ['a header x5u', { header: { x5u: 'https://evil.example/cert.pem' } }],
    ['a header x5c', { header: { x5c: ['MIIB'] } }],
    ['a header crit', { header: { crit: ['exp'], exp: 1 } }],
    ['a header crit of something unknown', { header: { crit: ['urn:evil'], 'urn:evil': true } }],
    ['a header b64', { header: { crit: ['urn:b64'], 'urn:b64': false } }],
    ['a header cty', { header: { cty: 'JWT' } }],
    ['a header zip', { header: { zip: 'DEF' } }],
  ] as [string, Changes][])('refuses what the server signed itself with %s', async (_, changes) => {
    await forger.expectRefused(await forger.genuine(changes));
  });

  it('refuses a token from the moment that it expires', async () => {
    const soon = await forger.genuine({ payload: { exp: forger.server.clock.epochSeconds() + 60 } });
    for (const answer of await present(forger.server, soon)) expect(answer.status).toBe(200);
    const past = await forger.genuine({ payload: { exp: forger.server.clock.epochSeconds() } });
    await forger.expectRefused(past);
    forger.server.clock.advance(61);
    // Also one that was verified before and is remembered.
    await forger.expectRefused(soon);
  });

  it('refuses huge tokens and huge parts quickly', async () => {
    const huge = 'A'.repeat(12_000);
    const began = performance.now();
    await forger.expectRefused(huge);
    await forger.expectRefused(`${huge}.${huge.slice(0, 100)}.x`);
    await forger.expectRefused(await forger.genuine({ payload: { padding: 'x'.repeat(4_000) } }));
    await forger.expectRefused('.'.repeat(10_000));
    await forger.expectRefused(compact('['.repeat(1_500), {}));
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('refuses tokens of a session that ended, though they are genuine and fresh', async () => {
    const victim = await signUp(forger.server);
    const kept = cookieOf(victim.browser, 'jwt');
    for (const answer of await present(forger.server, kept)) expect(answer.status).toBe(200);
    await victim.browser.post('/auth/logout', {});
    await forger.expectRefused(kept);
    await forger.expectRefused(
      await forge(kept, { payload: { jti: 'another' } }, serverKey(forger.server).privateKey),
    );
  });
});
