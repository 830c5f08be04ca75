import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, login, register, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

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

const INVALID = { status: 401, body: { code: 'invalid_code' } };

describe('replaying what proved the second step', () => {
  it('refuses the code that turned 2FA on', async () => {
    const { browser, user, password } = await register(first);
    const { secret } = (await browser.post('/auth/2fa/generate', {})).body;
    const code = codeFor(first, secret);
    expect((await browser.post('/auth/2fa/enable', { code })).status).toBe(200);
    const again = await login(first, { user, password });
    expect(await again.browser.post('/auth/2fa/verify', { code })).toMatchObject(INVALID);
  });

  it('refuses a used code on every device, on every replica and for every purpose', async () => {
    const person = await signUpWith2fa(first);
    const code = codeFor(first, person.secret);
    const { browser } = await login(first, person);
    expect((await browser.post('/auth/2fa/verify', { code })).status).toBe(200);
    const stranger = await login(second, person);
    expect(await stranger.browser.post('/auth/2fa/verify', { code })).toMatchObject(INVALID);
    expect(await browser.post('/auth/2fa/recovery-codes', { code })).toMatchObject(INVALID);
    expect(await browser.post('/auth/2fa/disable', { code })).toMatchObject(INVALID);
    expect(await browser.delete('/api/users/me', { code })).toMatchObject(INVALID);
  });

  it('refuses the code of the step before once a newer one was used', async () => {
    const person = await signUpWith2fa(first);
    first.clock.advance(60);
    const one = await login(first, person);
    expect((await one.browser.post('/auth/2fa/verify', { code: codeFor(first, person.secret) })).status).toBe(
      200,
    );
    const other = await login(first, person);
    const older = codeFor(first, person.secret, -1);
    expect(await other.browser.post('/auth/2fa/verify', { code: older })).toMatchObject(INVALID);
  });

  it('lets one of twenty uses at once of one code win, over two replicas and twenty sign-ins', async () => {
    const person = await signUpWith2fa(first);
    const code = codeFor(first, person.secret);
    second.clock.advance(30);
    const signIns = await Promise.all(
      Array.from({ length: 20 }, (_, i) => login(i % 2 ? first : second, person)),
    );
    const answers = await Promise.all(
      signIns.map(({ browser }) => browser.post('/auth/2fa/verify', { code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 500)).toHaveLength(0);
  });

  it('settles one pending session once, however often it is verified at once', async () => {
    const person = await signUpWith2fa(first);
    const { browser } = await login(first, person);
    const proofs = [
      { code: codeFor(first, person.secret) },
      ...person.recoveryCodes.map((recoveryCode) => ({ recoveryCode })),
    ];
    const answers = await Promise.all(proofs.map((proof) => browser.clone().post('/auth/2fa/verify', proof)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    // The others burnt nothing: what lost the race is not spent.
    const winner = answers.findIndex(({ status }) => status === 200);
    const left = (await person.browser.get('/auth/2fa')).body.recoveryCodesLeft;
    expect(left).toBe(winner === 0 ? 10 : 9);
  });

  it('refuses a used recovery code, and lets one of ten uses at once win', async () => {
    const person = await signUpWith2fa(first);
    const [once, raced] = person.recoveryCodes;
    const { browser } = await login(first, person);
    expect((await browser.post('/auth/2fa/verify', { recoveryCode: once })).status).toBe(200);
    const again = await login(second, person);
    expect(await again.browser.post('/auth/2fa/verify', { recoveryCode: once })).toMatchObject(INVALID);

    const signIns = await Promise.all(
      Array.from({ length: 5 }, (_, i) => login(i % 2 ? first : second, person)),
    );
    const answers = await Promise.all(
      signIns.map((signIn) => signIn.browser.post('/auth/2fa/verify', { recoveryCode: raced })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('refuses recovery codes of another account', async () => {
    const [mallory, alice] = [await signUpWith2fa(first), await signUpWith2fa(first)];
    const { browser } = await login(first, alice);
    const [recoveryCode] = mallory.recoveryCodes;
    expect(await browser.post('/auth/2fa/verify', { recoveryCode })).toMatchObject(INVALID);
  });

  it('refuses the last code of before when 2FA is turned off and on again with the same steps', async () => {
    const person = await signUpWith2fa(first);
    const code = codeFor(first, person.secret);
    expect((await person.browser.post('/auth/2fa/disable', { code })).status).toBe(204);
    const { secret } = (await person.browser.post('/auth/2fa/generate', {})).body;
    // Of the new secret, but of a step that is spent.
    expect(await person.browser.post('/auth/2fa/enable', { code: codeFor(first, secret) })).toMatchObject(
      INVALID,
    );
    first.clock.advance(30);
    expect((await person.browser.post('/auth/2fa/enable', { code: codeFor(first, secret) })).status).toBe(
      200,
    );
  });
});
