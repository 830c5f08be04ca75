import type { Fake42 } from '@sealgate/fake-42';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newestMail, tokenIn } from '../mail/mailbox.js';
import type { Browser } from '../support/browser.js';
import { roundTripAs, signInWith42, startFortyTwo } from '../support/forty-two.js';
import { newUsername, PASSWORD, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let fake: Fake42;
beforeAll(async () => {
  const fortyTwo = await startFortyTwo();
  fake = fortyTwo.fake;
  server = await startTestApp(fortyTwo.environment);
});
afterEach(() => fake.misbehave(null));
afterAll(async () => {
  await server.close();
  await fake.close();
});

/** From now on, somebody whom 42 knows by this login comes back. */
function studentAt42(): string {
  const login = newUsername('st');
  fake.approveAs(login);
  return login;
}

/** Somebody who came through 42 and has nothing else. */
async function studentHere(): Promise<Browser> {
  studentAt42();
  const browser = server.browser();
  await signInWith42(browser);
  await browser.post('/auth/2fa/skip', {});
  return browser;
}

async function idOf(browser: Browser): Promise<string> {
  return (await browser.get('/auth/me')).body.user.id;
}

async function link(
  browser: Browser,
): Promise<{ linked: boolean; login: string | null; canUnlink: boolean }> {
  return (await browser.get('/auth/42/link')).body;
}

describe('linking 42', () => {
  it('lets the same account in by both ways, in the session that was there', async () => {
    const { browser } = await signUp(server);
    const before = (await browser.get('/auth/me')).body;
    expect(await link(browser)).toEqual({ linked: false, login: null, linkedAt: null, canUnlink: false });
    const login = studentAt42();
    expect(await roundTripAs(browser, 'link', { returnTo: '/me/security?tab=ways' })).toBe(
      '/me/security?tab=ways',
    );
    expect((await browser.get('/auth/me')).body.session).toEqual(before.session);
    expect(await link(browser)).toMatchObject({ linked: true, login, canUnlink: true });
    const elsewhere = server.browser();
    expect((await signInWith42(elsewhere)).headers.get('location')).toBe('/home');
    expect(await idOf(elsewhere)).toBe(before.user.id);
  });

  it('ends at the settings without a page to go back to, and at once where it is linked already', async () => {
    const { browser, user } = await signUp(server);
    studentAt42();
    expect(await roundTripAs(browser, 'link')).toBe('/settings');
    expect(await roundTripAs(browser, 'link')).toBe('/settings');
    expect((await newestMail(server, user.email, /^A 42 account was linked$/)).text).toContain('settings');
    const { items } = (await browser.get('/auth/events')).body;
    expect(items.filter(({ type }: { type: string }) => type === 'identity_linked')).toHaveLength(1);
  });

  it('keeps the account by 42’s id when the login changes or 42 makes it anonymous', async () => {
    const { browser, user } = await signUp(server);
    const login = studentAt42();
    await roundTripAs(browser, 'link');
    fake.updateUser(login, { login: '3b3-anonymised', email: null, firstName: '3b3', lastName: '3b3' });
    fake.approveAs('3b3-anonymised');
    const elsewhere = server.browser();
    await signInWith42(elsewhere);
    expect(await idOf(elsewhere)).toBe(user.id);
    expect(await link(browser)).toMatchObject({ login: '3b3-anonymised' });
  });

  it('takes a recent proof, and a settled session', async () => {
    const { browser } = await signUp(server);
    server.clock.advance(301);
    const required = { status: 403, body: { code: 'reauthentication_required' } };
    expect(await browser.post('/auth/42/link', {})).toMatchObject(required);
    expect(await browser.delete('/auth/42/link')).toMatchObject(required);
  });

  it('says so on the page that it began at when 42 declines or fails', async () => {
    const { browser } = await signUp(server);
    fake.misbehave({ endpoint: 'authorize', kind: 'denied' }, { once: true });
    expect(await roundTripAs(browser, 'link', { returnTo: '/me?a=b#ways' })).toBe(
      '/me?a=b&error=access_denied#ways',
    );
    fake.misbehave({ endpoint: 'token', kind: 'internal_error' });
    expect(await roundTripAs(browser, 'link')).toBe('/settings?error=provider_unavailable');
    expect(await link(browser)).toMatchObject({ linked: false });
  });

  it('answers 503 where no 42 application is configured', async () => {
    const without = await startTestApp({
      NODE_ENV: 'production',
      ALLOW_INSECURE_HTTP: 'true',
      BCRYPT_COST: '10',
    });
    const { browser } = await signUp(without);
    expect(await browser.post('/auth/42/link', {})).toMatchObject({
      status: 503,
      body: { code: 'provider_unavailable' },
    });
    await without.close();
  });
});

describe('unlinking 42', () => {
  it('closes that way, and tells', async () => {
    const { browser, user } = await signUp(server);
    const login = studentAt42();
    await roundTripAs(browser, 'link');
    expect((await browser.delete('/auth/42/link')).status).toBe(204);
    expect((await browser.delete('/auth/42/link')).status).toBe(404);
    await newestMail(server, user.email, /^Your 42 account was unlinked$/);
    const elsewhere = server.browser();
    await signInWith42(elsewhere);
    expect(await idOf(elsewhere)).not.toBe(user.id);
    expect((await elsewhere.get('/auth/me')).body.user.username).toBe(login);
  });

  it('is refused for the last way in; a password set by mail to the verified address is another', async () => {
    const browser = await studentHere();
    const { email } = (await browser.get('/auth/me')).body.user;
    expect(await browser.delete('/auth/42/link')).toMatchObject({
      status: 409,
      body: { code: 'last_way_in' },
    });
    expect(await link(browser)).toMatchObject({ linked: true, canUnlink: false });
    const verify = tokenIn(await newestMail(server, email, /^Confirm your e-mail address$/));
    await browser.post('/auth/email/verify', { token: verify });
    await browser.post('/auth/password/forgot', { email });
    const token = tokenIn(await newestMail(server, email, /^Set a new password$/));
    await browser.post('/auth/password/reset', { token, newPassword: PASSWORD });
    const back = server.browser();
    expect((await back.post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
    expect(await link(back)).toMatchObject({ linked: true, canUnlink: true });
    expect((await back.delete('/auth/42/link')).status).toBe(204);
  });

  it('keeps one of two ways where both are taken away at once', async () => {
    const { browser } = await signUp(server);
    studentAt42();
    await roundTripAs(browser, 'link');
    const answers = await Promise.all([browser.delete('/auth/42/link'), browser.delete('/auth/42/link')]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 404]);
  });
});

describe('proving by a round trip to 42 who one is', () => {
  it('renews the proof of the same session', async () => {
    const browser = await studentHere();
    const before = (await browser.get('/auth/me')).body.session.id;
    server.clock.advance(301);
    expect((await browser.delete('/auth/sessions')).status).toBe(403);
    expect(await roundTripAs(browser, 'reauthenticate', { returnTo: '/me' })).toBe('/me');
    expect((await browser.get('/auth/me')).body.session.id).toBe(before);
    expect((await browser.delete('/auth/sessions')).status).toBe(204);
    expect((await browser.delete('/api/users/me', {})).status).toBe(204);
  });

  it('is worth nothing where somebody else comes back', async () => {
    const browser = await studentHere();
    server.clock.advance(301);
    studentAt42();
    expect(await roundTripAs(browser, 'reauthenticate')).toBe('/settings?error=identity_mismatch');
    expect((await browser.delete('/auth/sessions')).status).toBe(403);
  });
});
