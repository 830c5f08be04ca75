import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailTo, newestMail, tokenIn } from '../mail/mailbox.js';
import type { Answer } from '../support/browser.js';
import { login, PASSWORD, register, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NEXT = 'quiver marble saffron tundra';
const SET_A_NEW = /^Set a new password$/;
let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

function forgot(email: string): Promise<Answer> {
  return server.browser().post('/auth/password/forgot', { email });
}

async function linkFor(email: string): Promise<string> {
  expect((await forgot(email)).status).toBe(202);
  return tokenIn(await newestMail(server, email, SET_A_NEW));
}

function reset(token: string, newPassword = NEXT): Promise<Answer> {
  return server.browser().post('/auth/password/reset', { token, newPassword });
}

describe('forgetting the password', () => {
  it('answers 202 and mails a link with its token in the fragment', async () => {
    const { user } = await signUp(server);
    const answer = await forgot(user.email.toUpperCase());
    expect(answer).toMatchObject({ status: 202, body: null, setCookies: [] });
    const mail = await newestMail(server, user.email, SET_A_NEW);
    expect(mail.text).toMatch(/^http:\/\/localhost:3000\/reset-password#token=[\w-]{43}$/m);
    expect(mail.text).toContain('30 minutes');
  });

  it('mails nobody where nobody has the address, or the account is suspended', async () => {
    const { user } = await signUp(server);
    await server.database.query('UPDATE users SET suspended_at = now() WHERE id = $1', [user.id]);
    for (const email of ['nobody@example.org', user.email]) {
      expect((await forgot(email)).status).toBe(202);
      const subjects = (await mailTo(server, email)).map(({ subject }) => subject);
      expect(subjects).not.toContain('Set a new password');
    }
  });

  it('leaves everything as it is until the link is used', async () => {
    const person = await signUp(server);
    await linkFor(person.user.email);
    expect((await person.browser.get('/auth/me')).status).toBe(200);
    expect((await login(server, person)).answer.status).toBe(200);
    const events = await person.browser.get('/auth/events');
    expect(events.body.items[1].type).toBe('password_reset_requested');
  });
});

describe('resetting the password', () => {
  it('answers 204 without a session, ends all sessions, and lets the new password in', async () => {
    const person = await signUp(server);
    const { browser: other } = await login(server, person);
    const answer = await reset(await linkFor(person.user.email));
    expect(answer).toMatchObject({ status: 204, body: null, setCookies: [] });
    for (const browser of [person.browser, other]) {
      expect((await browser.get('/auth/me')).status).toBe(401);
      expect((await browser.post('/auth/refresh', {})).status).toBe(401);
    }
    expect((await login(server, person)).answer.status).toBe(401);
    const again = await login(server, { ...person, password: NEXT });
    expect(again.answer).toMatchObject({ status: 200, body: { next: 'home' } });
    const types = (await again.browser.get('/auth/events')).body.items.map(
      ({ type }: { type: string }) => type,
    );
    expect(types).toEqual(expect.arrayContaining(['password_reset', 'password_reset_requested']));
    const told = await newestMail(server, person.user.email, /^Your password was reset$/);
    expect(told.text).toContain('set a new password at once');
  });

  it('proves the address: the link was read there', async () => {
    const person = await signUp(server);
    await reset(await linkFor(person.user.email));
    const { answer } = await login(server, { ...person, password: NEXT });
    expect(answer.body.user.emailVerified).toBe(true);
  });

  it('keeps the link for another try where the password is too weak', async () => {
    const { user } = await register(server);
    const token = await linkFor(user.email);
    expect(await reset(token, 'P@ssw0rd2024!')).toMatchObject({
      status: 400,
      body: { code: 'weak_password', errors: [{ pointer: '/newPassword' }] },
    });
    expect((await reset(token)).status).toBe(204);
  });

  it('refuses the link after 30 minutes', async () => {
    const { user } = await register(server);
    const token = await linkFor(user.email);
    server.clock.advance(29 * 60);
    const second = await linkFor(user.email);
    server.clock.advance(61);
    expect(await reset(token)).toMatchObject({ status: 400, body: { code: 'invalid_token' } });
    expect((await reset(second)).status).toBe(204);
  });

  it('takes either of two links, and with it voids the other', async () => {
    const { user } = await register(server);
    const first = await linkFor(user.email);
    const second = await linkFor(user.email);
    expect((await reset(first)).status).toBe(204);
    expect((await reset(second, PASSWORD)).status).toBe(400);
  });

  it('refuses the token of another kind of link', async () => {
    const { user } = await register(server);
    const token = tokenIn(await newestMail(server, user.email, /^Confirm/));
    expect(await reset(token)).toMatchObject({ status: 400, body: { code: 'invalid_token' } });
  });

  it('lets the owner in from a new place although strangers have locked the account', async () => {
    const strict = await startTestApp({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '1' });
    const { user } = await register(strict, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    const from = (address: string) => strict.browser({ 'x-forwarded-for': address });
    const wrong = { email: user.email, password: 'wrong password' };
    for (let i = 0; i < 50; i++) await from(`198.51.100.${i % 5}`).post('/auth/login', wrong);
    const abroad = from('203.0.113.1');
    expect((await abroad.post('/auth/login', { ...wrong, password: PASSWORD })).status).toBe(429);
    await abroad.post('/auth/password/forgot', { email: user.email });
    const token = tokenIn(await newestMail(strict, user.email, SET_A_NEW));
    expect((await abroad.post('/auth/password/reset', { token, newPassword: NEXT })).status).toBe(204);
    expect((await abroad.post('/auth/login', { ...wrong, password: NEXT })).status).toBe(200);
    expect((await from('203.0.113.2').post('/auth/login', { ...wrong, password: NEXT })).status).toBe(429);
    await strict.close();
  });
});
