import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, login, register, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { wrongCode } from './codes.js';
import { cookieOf } from './tokens.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const REFRESH_COOKIE = /^refresh=[\w.-]+; Path=\/auth; Max-Age=2592000; HttpOnly; SameSite=Strict$/;
const ACCESS_COOKIE = /^jwt=[\w.-]+; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/;

describe('turning the second factor on', () => {
  it('generates a 160-bit secret, its otpauth URL and a QR code', async () => {
    const { browser, user } = await register(server);
    const answer = await browser.post('/auth/2fa/generate');
    expect(answer.status).toBe(200);
    const { secret, otpauthUrl, qrCode, ...rest } = answer.body;
    expect(rest).toEqual({});
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const url = new URL(otpauthUrl);
    expect(url.protocol + url.host).toBe('otpauth:totp');
    expect(decodeURIComponent(url.pathname)).toBe(`/Sealgate:${user.email}`);
    expect(url.searchParams.get('secret')).toBe(secret);
    expect(url.searchParams.get('issuer')).toBe('Sealgate');
    expect(qrCode).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
  });

  it('enables with a code: ten recovery codes, a settled session with a new id, and the refresh cookie', async () => {
    const { browser } = await register(server);
    const before = (await browser.get('/auth/me')).body.session;
    const pending = cookieOf(browser, 'jwt');
    const { secret } = (await browser.post('/auth/2fa/generate', {})).body;
    const answer = await browser.post('/auth/2fa/enable', { code: codeFor(server, secret) });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ recoveryCodes: expect.any(Array), next: 'home' });
    expect(new Set(answer.body.recoveryCodes).size).toBe(10);
    // 16 of Crockford's 32 letters: 80 bits.
    for (const code of answer.body.recoveryCodes)
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(answer.setCookies).toEqual([
      expect.stringMatching(ACCESS_COOKIE),
      expect.stringMatching(REFRESH_COOKIE),
    ]);
    const me = (await browser.get('/auth/me')).body;
    expect(me).toMatchObject({ session: { tfa: true, amr: ['pwd', 'otp', 'mfa'] }, next: 'home' });
    expect(me.session.id).not.toBe(before.id);
    expect(await server.browser({ cookie: `jwt=${pending}` }).get('/auth/me')).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect((await browser.get('/auth/2fa')).body).toEqual({ enabled: true, recoveryCodesLeft: 10 });
  });

  it('generates a new secret each time, and only the last one enables', async () => {
    const { browser } = await register(server);
    const first = (await browser.post('/auth/2fa/generate', {})).body.secret;
    const second = (await browser.post('/auth/2fa/generate', {})).body.secret;
    expect(second).not.toBe(first);
    const refused = await browser.post('/auth/2fa/enable', { code: codeFor(server, first) });
    expect(refused).toMatchObject({ status: 401, body: { code: 'invalid_code' } });
    expect((await browser.get('/auth/2fa')).body.enabled).toBe(false);
    expect((await browser.post('/auth/2fa/enable', { code: codeFor(server, second) })).status).toBe(200);
  });

  it('answers 409 to enabling without a secret, and to generating or enabling once it is on', async () => {
    const { browser } = await register(server);
    expect(await browser.post('/auth/2fa/enable', { code: '123456' })).toMatchObject({
      status: 409,
      body: { code: 'two_factor_not_generated' },
    });
    const person = await signUpWith2fa(server);
    for (const path of ['/auth/2fa/generate', '/auth/2fa/enable'])
      expect(
        await person.browser.post(path, path.endsWith('enable') ? { code: '123456' } : {}),
      ).toMatchObject({
        status: 409,
        body: { code: 'two_factor_enabled' },
      });
  });

  it('keeps the secret sealed and the recovery codes hashed', async () => {
    const { secret, recoveryCodes, user } = await signUpWith2fa(server);
    await server.browser().get('/healthz');
    const tables = await server.database.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(5);
    const secrets = [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))];
    for (const { name } of tables) {
      const found = await server.database.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      const dump = found.map(({ text }) => text).join('\n');
      for (const clear of secrets) {
        expect(dump.includes(clear), `${name} holds it as text`).toBe(false);
        // bytea appears in hex
        expect(dump.includes(Buffer.from(clear).toString('hex')), `${name} holds it as bytes`).toBe(false);
      }
    }
    const [row] = await server.database.query<{ secret: Buffer; hashes: string }>(
      `SELECT secret, (SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND length(hash) = 32) AS hashes
       FROM two_factor WHERE user_id = $1`,
      [user.id],
    );
    expect(row?.secret.length).toBeGreaterThan(32);
    expect(Number(row?.hashes)).toBe(10);
  });
});

describe('the second step of a sign-in', () => {
  it('verifies a code: a new session id, and the refresh cookie', async () => {
    const person = await signUpWith2fa(server);
    const { browser, answer } = await login(server, person);
    expect(answer.body.next).toBe('2fa');
    expect(answer.setCookies).toEqual([expect.stringMatching(ACCESS_COOKIE)]);
    const pending = cookieOf(browser, 'jwt');
    const before = (await browser.get('/auth/me')).body;
    expect(before).toMatchObject({ session: { tfa: false, amr: ['pwd'] }, next: '2fa' });

    const verified = await browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret) });
    expect(verified).toMatchObject({ status: 200, body: { next: 'home' } });
    expect(verified.setCookies).toEqual([
      expect.stringMatching(ACCESS_COOKIE),
      expect.stringMatching(REFRESH_COOKIE),
    ]);
    const me = (await browser.get('/auth/me')).body;
    expect(me.session).toMatchObject({ tfa: true, amr: ['pwd', 'otp', 'mfa'] });
    expect(me.session.id).not.toBe(before.session.id);
    expect((await server.browser({ cookie: `jwt=${pending}` }).get('/auth/me')).status).toBe(401);
  });

  it('takes the code of the step before, and none older or from the future', async () => {
    const person = await signUpWith2fa(server);
    server.clock.advance(90);
    const { browser } = await login(server, person);
    for (const steps of [-2, 1])
      expect(
        (await browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret, steps) })).body.code,
      ).toBe('invalid_code');
    expect(
      (await browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret, -1) })).status,
    ).toBe(200);
  });

  it('takes a recovery code as it was typed, and says how many are left', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    const typed = ` ${(person.recoveryCodes[3] ?? '').toLowerCase().replaceAll('-', ' ')} `;
    const verified = await browser.post('/auth/2fa/verify', { recoveryCode: typed });
    expect(verified).toMatchObject({ status: 200, body: { next: 'home' } });
    expect((await browser.get('/auth/2fa')).body).toEqual({ enabled: true, recoveryCodesLeft: 9 });
    const [event] = (await browser.get('/auth/events')).body.items;
    expect(event).toMatchObject({ type: 'recovery_code_used', details: { left: 9 } });
  });

  it('gives tokens in the body where the client asks for them', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    const code = codeFor(server, person.secret);
    const verified = await browser.post('/auth/2fa/verify', { code, tokens: 'body' });
    expect(verified.body).toEqual({
      next: 'home',
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 900,
    });
    expect(verified.setCookies).toEqual([]);
  });

  it.each([
    {},
    { code: null },
    { code: 123456 },
    { code: '12345' },
    { code: '1234567' },
    { code: '12345a' },
    { code: '１２３４５６' },
    { code: ['123456'] },
    { recoveryCode: null },
    { recoveryCode: '' },
    { recoveryCode: 'ABCD-EFGH' },
    { recoveryCode: '0000-0000-0000-000U' },
    { code: '123456', recoveryCode: '0000-0000-0000-0000' },
    { code: '123456', recoveryCode: null },
    { code: null, recoveryCode: '0000-0000-0000-0000' },
    { code: '123456', tokens: 'cookie' },
    { code: '123456', tokens: null },
    { code: '123456', rememberMe: true },
  ])('answers 400 to %j and does not count it', async (body) => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    for (let i = 0; i < 5; i++)
      expect(await browser.post('/auth/2fa/verify', body)).toMatchObject({
        status: 400,
        body: {
          code: 'validation_failed',
          errors: expect.arrayContaining([
            { pointer: expect.stringMatching(/^\/\w+$/), detail: expect.any(String) },
          ]),
        },
      });
    const [row] = await server.database.query<{ failures: number }>(
      'SELECT failures FROM two_factor WHERE user_id = $1',
      [person.user.id],
    );
    expect(row?.failures).toBe(0);
  });

  it('answers 409 where there is nothing to verify', async () => {
    const { browser } = await register(server);
    expect(await browser.post('/auth/2fa/verify', { code: '123456' })).toMatchObject({
      status: 409,
      body: { code: 'two_factor_not_enabled' },
    });
  });
});

describe('skipping the second step', () => {
  it('settles the session without 2FA: a new session id, the pending token dead', async () => {
    const { browser } = await register(server);
    const before = (await browser.get('/auth/me')).body.session;
    const pending = cookieOf(browser, 'jwt');
    const answer = await browser.post('/auth/2fa/skip');
    expect(answer).toMatchObject({ status: 200, body: { next: 'home' } });
    expect(answer.setCookies).toEqual([
      expect.stringMatching(ACCESS_COOKIE),
      expect.stringMatching(REFRESH_COOKIE),
    ]);
    const me = (await browser.get('/auth/me')).body;
    expect(me.session).toMatchObject({ tfa: true, amr: ['pwd'] });
    expect(me.session.id).not.toBe(before.id);
    expect((await server.browser({ cookie: `jwt=${pending}` }).get('/auth/me')).status).toBe(401);
    expect((await browser.get('/auth/2fa')).body).toEqual({ enabled: false, recoveryCodesLeft: 0 });
  });

  it('renews no session that is settled already: its end and its proof stay as old as they are', async () => {
    const { browser, user } = await signUp(server);
    const ends = async () =>
      (
        await server.database.query<{ authTime: Date; expiresAt: Date }>(
          `SELECT auth_time AS "authTime", expires_at AS "expiresAt" FROM sessions
           WHERE user_id = $1 AND revoked_at IS NULL`,
          [user.id],
        )
      )[0];
    const before = await ends();
    server.clock.advance(600);
    expect((await browser.post('/auth/2fa/skip', {})).status).toBe(200);
    expect(await ends()).toEqual(before);
  });

  it('is refused where 2FA is on', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    expect(await browser.post('/auth/2fa/skip', {})).toMatchObject({
      status: 403,
      body: { code: 'two_factor_required' },
    });
    expect((await browser.get('/auth/me')).body.session.tfa).toBe(false);
  });

  it('is refused where the policy requires 2FA, also to somebody who skipped before', async () => {
    const skipper = await signUp(server);
    const strict = await startTestApp({ TWO_FACTOR_POLICY: 'required' }, server.database);
    try {
      for (const person of [skipper, await register(strict)]) {
        const { browser, answer } = await login(strict, person);
        expect(answer.body.next).toBe('first-login');
        expect(await browser.post('/auth/2fa/skip', {})).toMatchObject({
          status: 403,
          body: { code: 'two_factor_required' },
        });
      }
    } finally {
      await strict.close();
    }
  });
});

describe('with 2FA on', () => {
  it('disables with a code: 204, other sessions end, and the next sign-in needs no code', async () => {
    const person = await signUpWith2fa(server);
    const other = await login(server, person);
    await other.browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret) });
    server.clock.advance(30);
    const halfway = await login(server, person);

    const wrong = await person.browser.post('/auth/2fa/disable', { code: wrongCode(server, person.secret) });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_code' } });
    expect((await other.browser.get('/auth/me')).status).toBe(200);
    const disabled = await person.browser.post('/auth/2fa/disable', { code: codeFor(server, person.secret) });
    expect(disabled).toMatchObject({ status: 204, body: null });
    expect((await other.browser.get('/auth/me')).status).toBe(401);
    expect((await other.browser.post('/auth/refresh', {})).body.code).toBe('invalid_refresh_token');
    expect((await halfway.browser.get('/auth/me')).status).toBe(401);
    expect((await person.browser.get('/auth/me')).status).toBe(200);
    expect((await person.browser.get('/auth/2fa')).body).toEqual({ enabled: false, recoveryCodesLeft: 0 });
    expect((await login(server, person)).answer.body.next).toBe('home');
  });

  it('makes new recovery codes with a code, and voids the old ones', async () => {
    const person = await signUpWith2fa(server);
    const answer = await person.browser.post('/auth/2fa/recovery-codes', {
      code: codeFor(server, person.secret),
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['recoveryCodes']);
    const fresh: string[] = answer.body.recoveryCodes;
    expect(new Set([...fresh, ...person.recoveryCodes]).size).toBe(20);
    const { browser } = await login(server, person);
    const verify = (recoveryCode?: string) => browser.post('/auth/2fa/verify', { recoveryCode });
    expect((await verify(person.recoveryCodes[0])).body.code).toBe('invalid_code');
    expect((await verify(fresh[0])).status).toBe(200);
  });

  it.each(['disable', 'recovery-codes'])('%s answers 409 where it is off', async (action) => {
    const { browser } = await signUp(server);
    expect(await browser.post(`/auth/2fa/${action}`, { code: '123456' })).toMatchObject({
      status: 409,
      body: { code: 'two_factor_not_enabled' },
    });
  });
});
