import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.js';
import { codeFor, login, register, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { WRONG_RECOVERY_CODE, wrongCode } from './codes.js';

let first: TestApp;
let second: TestApp;
beforeAll(async () => {
  first = await startTestApp();
  second = await startTestApp({}, first.database);
});
afterAll(async () => {
  await second.close();
  await first.close();
});

const LOCK_SECONDS = 15 * 60;
const INVALID = { status: 401, body: { code: 'invalid_code' } };
const LOCKED = { status: 429, body: { code: 'second_factor_locked' } };

/** Replicas have the same time. */
function advance(seconds: number): void {
  for (const server of [first, second]) server.clock.advance(seconds);
}

type TwoFactorPerson = Awaited<ReturnType<typeof newPerson>>;

async function newPerson() {
  const person = await signUpWith2fa(first);
  second.clock.advance(30);
  return person;
}

/** Wrong codes on one device. */
async function fail(browser: Browser, person: { secret: string }, times: number, path = '/auth/2fa/verify') {
  for (let i = 0; i < times; i++)
    expect(await browser.post(path, { code: wrongCode(first, person.secret) })).toMatchObject(INVALID);
}

/** Round and round. */
function at<T>(items: readonly T[], i: number): T {
  return items[i % items.length] as T;
}

async function locked(): Promise<{ person: TwoFactorPerson; browser: Browser }> {
  const person = await newPerson();
  const { browser } = await login(first, person);
  await fail(browser, person, 5);
  return { person, browser };
}

describe('guessing codes', () => {
  it('answers 401 to the fifth wrong code and locks the sixth, with retry-after', async () => {
    const { person, browser } = await locked();
    const sixth = await browser.post('/auth/2fa/verify', { code: wrongCode(first, person.secret) });
    expect(sixth).toMatchObject(LOCKED);
    const retryAfter = Number(sixth.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(LOCK_SECONDS - 30);
    expect(retryAfter).toBeLessThanOrEqual(LOCK_SECONDS);
    const types = (await person.browser.get('/auth/events')).body.items.map(
      ({ type }: { type: string }) => type,
    );
    expect(types.slice(0, 6)).toEqual(['second_factor_locked', ...Array(5).fill('second_factor_failed')]);
  });

  it('refuses the right code and recovery codes while locked', async () => {
    const { person, browser } = await locked();
    expect(await browser.post('/auth/2fa/verify', { code: codeFor(first, person.secret) })).toMatchObject(
      LOCKED,
    );
    const [recoveryCode] = person.recoveryCodes;
    expect(await browser.post('/auth/2fa/verify', { recoveryCode })).toMatchObject(LOCKED);
    expect((await person.browser.get('/auth/2fa')).body.recoveryCodesLeft).toBe(10);
  });

  it('does not begin anew with a right password, a new session or another replica', async () => {
    const { person } = await locked();
    for (const server of [first, second]) {
      const { browser, answer } = await login(server, person);
      expect(answer.status).toBe(200);
      expect(await browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret) })).toMatchObject(
        LOCKED,
      );
    }
  });

  it('unlocks after 15 minutes, not before, and then counts five again', async () => {
    const person = await newPerson();
    const { browser } = await login(first, person, { 'user-agent': 'guesser' });
    await fail(browser, person, 5);
    advance(LOCK_SECONDS - 5);
    // The pending session has run out meanwhile or is about to: a new one.
    const early = await login(first, person);
    expect(
      await early.browser.post('/auth/2fa/verify', { code: codeFor(first, person.secret) }),
    ).toMatchObject(LOCKED);
    advance(6);
    const { browser: later } = await login(first, person);
    await fail(later, person, 4);
    expect((await later.post('/auth/2fa/verify', { code: codeFor(first, person.secret) })).status).toBe(200);
  });

  it('begins anew with a right code', async () => {
    const person = await newPerson();
    const one = await login(first, person);
    await fail(one.browser, person, 4);
    expect((await one.browser.post('/auth/2fa/verify', { code: codeFor(first, person.secret) })).status).toBe(
      200,
    );
    const other = await login(first, person);
    await fail(other.browser, person, 4);
    const [recoveryCode] = person.recoveryCodes;
    expect((await other.browser.post('/auth/2fa/verify', { recoveryCode })).status).toBe(200);
  });

  it('looks at five of fifty guesses at once, over two replicas and ten sign-ins', async () => {
    const person = await newPerson();
    const signIns = await Promise.all(
      Array.from({ length: 10 }, (_, i) => login(i % 2 ? first : second, person)),
    );
    const code = wrongCode(first, person.secret);
    const guesses = Array.from({ length: 50 }, (_, i) =>
      i % 3 === 0 ? { recoveryCode: WRONG_RECOVERY_CODE } : { code },
    );
    const answers = await Promise.all(
      guesses.map((guess, i) => at(signIns, i).browser.post('/auth/2fa/verify', guess)),
    );
    const codes = answers.map((answer) => answer.body.code);
    expect(codes.filter((each) => each === 'invalid_code')).toHaveLength(5);
    expect(codes.filter((each) => each === 'second_factor_locked')).toHaveLength(45);
  });

  it('never lets the right code through after five wrong ones that were on the way at once', async () => {
    const person = await newPerson();
    const { browser } = await login(first, person);
    await fail(browser, person, 4);
    const code = wrongCode(first, person.secret);
    await Promise.all([1, 2, 3].map(() => browser.clone().post('/auth/2fa/verify', { code })));
    expect(await browser.post('/auth/2fa/verify', { code: codeFor(first, person.secret) })).toMatchObject(
      LOCKED,
    );
  });

  it('counts wrong recovery codes together with wrong codes', async () => {
    const person = await newPerson();
    const { browser } = await login(second, person);
    await fail(browser, person, 3);
    for (let i = 0; i < 2; i++)
      expect(await browser.post('/auth/2fa/verify', { recoveryCode: WRONG_RECOVERY_CODE })).toMatchObject(
        INVALID,
      );
    expect(await browser.post('/auth/2fa/verify', { recoveryCode: WRONG_RECOVERY_CODE })).toMatchObject(
      LOCKED,
    );
  });

  it('leaves settled sessions signed in, and able to refresh', async () => {
    const { person } = await locked();
    expect((await person.browser.get('/auth/me')).body.session.tfa).toBe(true);
    expect((await person.browser.post('/auth/refresh', {})).status).toBe(200);
  });

  it.each(['disable', 'recovery-codes'])('counts wrong codes at %s to the same five', async (action) => {
    const person = await newPerson();
    await fail(person.browser, person, 3, `/auth/2fa/${action}`);
    const { browser } = await login(first, person);
    await fail(browser, person, 2);
    const code = codeFor(first, person.secret);
    expect(await person.browser.post(`/auth/2fa/${action}`, { code })).toMatchObject(LOCKED);
    expect((await person.browser.get('/auth/2fa')).body.enabled).toBe(true);
  });

  it('counts wrong codes when deleting the account to the same five', async () => {
    const person = await newPerson();
    for (let i = 0; i < 5; i++)
      expect(
        await person.browser.delete('/api/users/me', { code: wrongCode(first, person.secret) }),
      ).toMatchObject(INVALID);
    const code = codeFor(first, person.secret);
    expect(await person.browser.delete('/api/users/me', { code })).toMatchObject(LOCKED);
  });

  it('counts wrong codes at enable, and a new secret does not begin anew', async () => {
    const { browser } = await register(first);
    const { secret } = (await browser.post('/auth/2fa/generate', {})).body;
    await fail(browser, { secret }, 5, '/auth/2fa/enable');
    const again = (await browser.post('/auth/2fa/generate', {})).body.secret;
    for (const each of [secret, again])
      expect(await browser.post('/auth/2fa/enable', { code: codeFor(first, each) })).toMatchObject(LOCKED);
  });

  it('is not taken off by RATE_LIMIT_FACTOR', async () => {
    // The test servers run with a factor of 1000; the lock above came all the same.
    const { person, browser } = await locked();
    expect(await browser.post('/auth/2fa/verify', { code: codeFor(first, person.secret) })).toMatchObject(
      LOCKED,
    );
  });
});
