import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { codeFor, login, PASSWORD, register, signUp, signUpWith2fa, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ SERVER_SIDE_CRYPTO: 'true' });
});
afterAll(() => server.close());

const REQUIRED = { status: 403, body: { code: 'reauthentication_required', maxAgeSeconds: 300 } };

function prove({ browser }: Pick<Person, 'browser'>, body: unknown): Promise<Answer> {
  return browser.post('/auth/reauthenticate', body);
}

/** A second device of the same person, and its session's id. */
async function otherDevice(person: Person): Promise<{ browser: Person['browser']; id: string }> {
  const { browser } = await login(server, person);
  return { browser, id: (await browser.get('/auth/me')).body.session.id };
}

/** Somebody who proved who they are so many seconds ago. */
async function signedInFor(seconds: number): Promise<Person> {
  const person = await signUp(server);
  server.clock.advance(seconds);
  return person;
}

describe('what takes a proof of the last five minutes', () => {
  it('signs others out right after the sign-in', async () => {
    const person = await signedInFor(299);
    const { browser } = await otherDevice(person);
    expect((await person.browser.delete('/auth/sessions')).status).toBe(204);
    expect((await browser.get('/auth/me')).status).toBe(401);
  });

  it('refuses to sign another device, or all others, out later, and signs out nobody', async () => {
    const person = await signedInFor(301);
    const other = await otherDevice(person);
    expect(await person.browser.delete(`/auth/sessions/${other.id}`)).toMatchObject(REQUIRED);
    expect(await person.browser.delete('/auth/sessions')).toMatchObject(REQUIRED);
    expect((await other.browser.get('/auth/me')).status).toBe(200);
  });

  it('lets anybody sign the own device out at any time', async () => {
    const { browser } = await signedInFor(301);
    const { id } = (await browser.get('/auth/me')).body.session;
    expect((await browser.delete(`/auth/sessions/${id}`)).status).toBe(204);
  });

  it('refuses keys that the ones before do not sign, and the first keys never', async () => {
    const person = await signedInFor(301);
    expect((await person.browser.post('/api/crypto/generate-keys')).status).toBe(201);
    expect(await person.browser.post('/api/crypto/generate-keys')).toMatchObject(REQUIRED);
    expect((await prove(person, { password: PASSWORD })).status).toBe(200);
    const reset = await person.browser.post('/api/crypto/generate-keys');
    expect(reset.status).toBe(201);
    const { body } = await person.browser.get(`/api/crypto/keys/${person.user.id}`);
    expect(body.keys).toHaveLength(2);
  });

  it('asks for the proof itself where the contract has it in the body, however fresh the session is', async () => {
    const { browser, user } = await signUp(server);
    expect((await browser.delete('/api/users/me', {})).status).toBe(400);
    expect((await browser.patch('/api/users/me', { email: `x.${user.email}` })).status).toBe(400);
    expect((await browser.post('/auth/2fa/disable', {})).status).toBe(400);
    expect((await browser.post('/auth/2fa/recovery-codes', {})).status).toBe(400);
    expect((await browser.post('/auth/password', { newPassword: PASSWORD })).status).toBe(400);
  });
});

describe('proving again who one is', () => {
  it('takes the password, for five minutes, in the same session and for it alone', async () => {
    const person = await signUp(server);
    const other = await otherDevice(person);
    server.clock.advance(301);
    const before = (await person.browser.get('/auth/me')).body.session.id;
    const proven = await prove(person, { password: PASSWORD });
    expect(proven).toMatchObject({ status: 200, body: { expiresIn: 300 }, setCookies: [] });
    expect((await person.browser.get('/auth/me')).body.session.id).toBe(before);
    expect(await other.browser.delete('/auth/sessions')).toMatchObject(REQUIRED);
    server.clock.advance(297);
    expect((await person.browser.delete('/auth/sessions')).status).toBe(204);
    server.clock.advance(4);
    expect(await person.browser.delete('/auth/sessions')).toMatchObject(REQUIRED);
  });

  it('takes a code once, and a recovery code once', async () => {
    const person = await signUpWith2fa(server);
    server.clock.advance(301);
    const code = codeFor(server, person.secret);
    expect((await prove(person, { code })).status).toBe(200);
    expect((await person.browser.delete('/auth/sessions')).status).toBe(204);
    expect(await prove(person, { code })).toMatchObject({ status: 401, body: { code: 'invalid_code' } });
    server.clock.advance(301);
    const recoveryCode = person.recoveryCodes[0];
    expect((await prove(person, { recoveryCode })).status).toBe(200);
    expect((await person.browser.delete('/auth/sessions')).status).toBe(204);
    expect((await prove(person, { recoveryCode })).status).toBe(401);
    expect((await person.browser.get('/auth/2fa')).body.recoveryCodesLeft).toBe(9);
  });

  it('is told by the next access token, prolongs no session, and stands in the security log', async () => {
    const person = await signedInFor(600);
    const ends = () =>
      server.database.query('SELECT expires_at FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [
        person.user.id,
      ]);
    const before = await ends();
    await prove(person, { password: PASSWORD });
    expect(await ends()).toEqual(before);
    await person.browser.post('/auth/refresh', {});
    const token = person.browser.cookies.get('jwt')?.value.split('.')[1] ?? '';
    const claims = JSON.parse(Buffer.from(token, 'base64url').toString());
    expect(claims.iat - claims.auth_time).toBeLessThan(5);
    const { body } = await person.browser.get('/auth/events');
    expect(body.items[0]).toMatchObject({ type: 'reauthenticated', details: { methods: ['pwd'] } });
  });

  it.each([{}, { password: PASSWORD, code: '123456' }, { code: '12345' }, { recoveryCode: 'nonsense' }])(
    'answers 400 to %j',
    async (body) => {
      const answer = await prove(await signUp(server), body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );

  it('opens nothing to a session whose second step is open', async () => {
    const pending = await register(server);
    const answer = await prove(pending, { password: PASSWORD });
    expect(answer).toMatchObject({ status: 401, body: { code: 'second_factor_required' } });
  });
});

describe('guessing at a device that was left unlocked', () => {
  it('counts wrong passwords with those of every other route, and tells the right one no more then', async () => {
    const person = await signedInFor(301);
    const wrong = { password: 'not the password at all' };
    for (let i = 0; i < 5; i++) expect((await prove(person, wrong)).status).toBe(401);
    for (let i = 0; i < 5; i++)
      expect((await person.browser.delete('/api/users/me', wrong)).status).toBe(401);
    expect(await prove(person, { password: PASSWORD })).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
    });
    expect(await person.browser.delete('/auth/sessions')).toMatchObject(REQUIRED);
  });

  it('counts wrong codes to the same five that lock the second step', async () => {
    const person = await signUpWith2fa(server);
    for (let i = 0; i < 5; i++) expect((await prove(person, { code: '000000' })).status).toBe(401);
    expect(await prove(person, { code: codeFor(server, person.secret) })).toMatchObject({
      status: 429,
      body: { code: 'second_factor_locked' },
    });
  });
});
