import type { Fake42 } from '@sealgate/fake-42';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newestMail, mailTo, tokenIn } from '../mail/mailbox.js';
import type { Browser } from '../support/browser.js';
import { goTo42As, roundTripAs, signInWith42, startFortyTwo } from '../support/forty-two.js';
import { newUsername, register, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let fake: Fake42;
beforeAll(async () => {
  const fortyTwo = await startFortyTwo();
  fake = fortyTwo.fake;
  server = await startTestApp(fortyTwo.environment);
});
afterAll(async () => {
  await server.close();
  await fake.close();
});

const ENDED = '/settings?error=session_ended';

function studentAt42(email?: string): void {
  const login = newUsername('st');
  if (email !== undefined)
    fake.addUser({ id: 700_000 + fake.requests.length, login, firstName: 'A', lastName: 'B', email });
  fake.approveAs(login);
}

async function isLinked(browser: Browser): Promise<boolean> {
  return (await browser.get('/auth/42/link')).body.linked;
}

async function open(browser: Browser, callback: URL): Promise<string | null> {
  return (await browser.get(callback.pathname + callback.search)).headers.get('location');
}

describe('taking an account over by linking', () => {
  it('a 42 account of somebody else is refused, and stays theirs', async () => {
    const [owner, other] = [await signUp(server), await signUp(server)];
    studentAt42();
    await roundTripAs(owner.browser, 'link');
    expect(await roundTripAs(other.browser, 'link')).toBe('/settings?error=identity_in_use');
    expect([await isLinked(owner.browser), await isLinked(other.browser)]).toEqual([true, false]);
  });

  it('a second 42 account beside the first is refused', async () => {
    const { browser } = await signUp(server);
    studentAt42();
    await roundTripAs(browser, 'link');
    studentAt42();
    expect(await roundTripAs(browser, 'link')).toBe('/settings?error=already_linked');
  });

  it('one 42 account goes to one of two who link it at once', async () => {
    const people = [await signUp(server), await signUp(server)];
    studentAt42();
    const callbacks = await Promise.all(people.map(({ browser }) => goTo42As(browser, 'link')));
    const ends = await Promise.all(people.map(({ browser }, i) => open(browser, callbacks[i]!)));
    expect(new Set(ends)).toEqual(new Set(['/settings', '/settings?error=identity_in_use']));
  });

  it('never happens by an e-mail address, whatever 42 says it is', async () => {
    const { browser, user } = await signUp(server);
    const token = tokenIn(await newestMail(server, user.email, /^Confirm your e-mail address$/));
    await browser.post('/auth/email/verify', { token });
    studentAt42(user.email);
    const stranger = server.browser();
    await signInWith42(stranger);
    const { body } = await stranger.get('/auth/me');
    expect(body.user.id).not.toBe(user.id);
    expect(body.user.email).toBeNull();
    expect(await isLinked(browser)).toBe(false);
  });
});

describe('ending a link that another session began', () => {
  it('does not link the victim’s 42 account to the attacker’s account', async () => {
    const [attacker, victim] = [await signUp(server), await signUp(server)];
    studentAt42();
    const callback = await goTo42As(attacker.browser, 'link');
    // Cookie tossed into the victim's browser, or a shared machine: still the victim's session, not the attacker's.
    victim.browser.cookies.set('oauth', attacker.browser.cookies.get('oauth')!);
    expect(await open(victim.browser, callback)).toBe(ENDED);
    expect([await isLinked(attacker.browser), await isLinked(victim.browser)]).toEqual([false, false]);
  });

  it('is refused without a session, with a pending one, and after signing out', async () => {
    const { browser } = await signUp(server);
    studentAt42();
    for (const change of ['none', 'pending', 'signed out']) {
      const callback = await goTo42As(browser, 'link');
      const back = change === 'pending' ? (await register(server)).browser : server.browser();
      back.cookies.set('oauth', browser.cookies.get('oauth')!);
      if (change === 'signed out') {
        back.cookies.set('jwt', browser.cookies.get('jwt')!);
        await browser.post('/auth/logout');
      }
      expect(await open(back, callback), change).toBe(ENDED);
    }
  });

  it('is refused to the same person’s other session', async () => {
    const person = await signUp(server);
    studentAt42();
    const callback = await goTo42As(person.browser, 'link');
    const other = server.browser();
    await other.post('/auth/login', { email: person.user.email, password: person.password });
    other.cookies.set('oauth', person.browser.cookies.get('oauth')!);
    expect(await open(other, callback)).toBe(ENDED);
    expect(await isLinked(person.browser)).toBe(false);
  });

  it('takes the callback of a sign-in for no link, and of a link for no sign-in', async () => {
    const { browser } = await signUp(server);
    studentAt42();
    const callback = await goTo42As(browser, 'link');
    const thief = server.browser();
    expect(await open(thief, callback)).toBe('/sign-in?error=invalid_state');
    expect([...thief.cookies.keys()]).toEqual([]);
    await signInWith42(thief);
    expect(await isLinked(browser)).toBe(false);
  });

  it('takes no callback twice', async () => {
    const { browser } = await signUp(server);
    studentAt42();
    const callback = await goTo42As(browser, 'link');
    const cookie = browser.cookies.get('oauth')!;
    expect(await open(browser, callback)).toBe('/settings');
    await browser.delete('/auth/42/link');
    browser.cookies.set('oauth', cookie);
    expect(await open(browser, callback)).toBe('/settings?error=invalid_state');
    expect(await isLinked(browser)).toBe(false);
  });
});

describe('beginning a link from another site', () => {
  it('is refused as any other write, and no GET begins one', async () => {
    const { browser } = await signUp(server);
    const forged = await browser.post('/auth/42/link', {}, { 'sec-fetch-site': 'cross-site' });
    expect(forged).toMatchObject({ status: 403, body: { code: 'cross_site_request' }, setCookies: [] });
    expect((await browser.get('/auth/42/link')).setCookies).toEqual([]);
  });

  it('leads nobody to another site afterwards', async () => {
    const { browser } = await signUp(server);
    studentAt42();
    for (const returnTo of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/..//evil.example',
    ])
      expect(await roundTripAs(browser, 'link', { returnTo }), returnTo).toBe('/settings');
  });
});

describe('sharing an account that was opened with somebody else’s address', () => {
  it('brings no reset link to an address that only 42 has told', async () => {
    const email = `${newUsername('victim')}@example.org`;
    studentAt42(email);
    await signInWith42(server.browser());
    await server.browser().post('/auth/password/forgot', { email });
    const subjects = (await mailTo(server, email)).map(({ subject }) => subject);
    expect(subjects).not.toContain('Set a new password');
  });

  it('ends with the reset: what was linked before the address was verified is gone', async () => {
    const attacker = await signUp(server);
    studentAt42();
    await roundTripAs(attacker.browser, 'link');
    const { email } = attacker.user;
    await server.browser().post('/auth/password/forgot', { email });
    const token = tokenIn(await newestMail(server, email, /^Set a new password$/));
    const newPassword = 'copper violin meadow falcon';
    await server.browser().post('/auth/password/reset', { token, newPassword });
    const back = server.browser();
    await signInWith42(back);
    expect((await back.get('/auth/me')).body.user.id).not.toBe(attacker.user.id);
  });
});
