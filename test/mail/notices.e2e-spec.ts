import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, login, PASSWORD, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { makeKeys, signUpWithKeys, state, succeeding } from '../crypto/key-holder.js';
import { mailTo } from './mailbox.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36';
let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ TRUSTED_PROXIES: '1' });
});
afterAll(() => server.close());

async function subjects(email: string): Promise<string[]> {
  return (await mailTo(server, email)).map(({ subject }) => subject).slice(1);
}

describe('notices by mail', () => {
  it('tell of two-factor authentication going on and off, and of a spent recovery code', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    await browser.post('/auth/2fa/verify', { recoveryCode: person.recoveryCodes[0] });
    server.clock.advance(30);
    const renewed = await browser.post('/auth/2fa/recovery-codes', { code: codeFor(server, person.secret) });
    expect(renewed.status).toBe(200);
    server.clock.advance(30);
    const off = await browser.post('/auth/2fa/disable', { code: codeFor(server, person.secret) });
    expect(off.status).toBe(204);
    expect(await subjects(person.user.email)).toEqual([
      'Two-factor authentication is on',
      'A recovery code was used',
      'Your recovery codes were replaced',
      'Two-factor authentication is off',
    ]);
  });

  it('tell of a sign-in with another device or from another place, and not of the usual one', async () => {
    const home = { 'user-agent': FIREFOX, 'x-forwarded-for': '192.0.2.7' };
    const person = await signUp(server, { headers: home });
    await login(server, person, home);
    await login(server, person, { ...home, 'x-forwarded-for': '192.0.99.1' });
    expect(await subjects(person.user.email)).toEqual([]);
    await login(server, person, { ...home, 'user-agent': CHROME });
    await login(server, person, { ...home, 'x-forwarded-for': '203.0.113.9' });
    expect(await subjects(person.user.email)).toEqual([
      'New sign-in to your account',
      'New sign-in to your account',
    ]);
    const mails = await mailTo(server, person.user.email);
    expect(mails.at(-2)?.text).toMatch(/^Device: Chrome on Windows\nAddress: 192\.0\.2\.7$/m);
    expect(mails.at(-1)?.text).toMatch(/^Device: Firefox on Linux\nAddress: 203\.0\.113\.9$/m);
  });

  it('tell of a refresh token that was used again too late', async () => {
    const person = await signUp(server);
    const thief = person.browser.clone();
    await person.browser.post('/auth/refresh', {});
    server.clock.advance(31);
    expect((await thief.post('/auth/refresh', {})).status).toBe(401);
    expect(await subjects(person.user.email)).toEqual(['A device was signed out for your safety']);
  });

  it('tell of wrong codes: whoever gave them has the password', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    for (let i = 0; i < 5; i++) await browser.post('/auth/2fa/verify', { code: '000000' });
    expect(await subjects(person.user.email)).toContain('Wrong codes were given for your account');
  });

  it('tell of a deleted backup, and of the end of the account as the last thing', async () => {
    const { browser, user, password } = await signUp(server);
    await browser.put('/api/crypto/backup', { version: 0, backup: {} });
    await browser.delete('/api/crypto/backup');
    expect((await browser.delete('/api/users/me', { password })).status).toBe(204);
    const told = await subjects(user.email);
    expect(told.at(-1)).toBe('Your account was deleted');
    // Nothing waits for somebody who is gone but that.
    expect(
      await server.database.query('SELECT 1 FROM mail_outbox WHERE recipient = $1', [user.email]),
    ).toEqual([]);
  });

  it('tell of a changed password', async () => {
    const { browser, user } = await signUp(server);
    const body = { currentPassword: PASSWORD, newPassword: 'quiver marble lantern otter' };
    expect((await browser.post('/auth/password', body)).status).toBe(204);
    expect(await subjects(user.email)).toEqual(['Your password was changed']);
  });
});

describe('notices about message keys', () => {
  it('tell of keys that replace others, with and without their signature, and not of the first', async () => {
    const holder = await signUpWithKeys(server);
    const register = async (statement: Awaited<ReturnType<typeof state>>): Promise<number> =>
      (await holder.browser.post('/api/crypto/generate-keys', { statement: statement.json })).status;
    expect(await subjects(holder.user.email)).toEqual([]);
    const second = await state(holder, await makeKeys(), succeeding(holder));
    expect(await register(second)).toBe(201);
    const third = { version: 3, previous: second.payloadHash, reset: true };
    expect(await register(await state(holder, await makeKeys(), third))).toBe(201);
    expect(await subjects(holder.user.email)).toEqual([
      'Your message keys were changed',
      'Your message keys were reset',
    ]);
  });
});

describe('a forged device name', () => {
  it('brings no header, no markup and no link into a mail', async () => {
    const person = await signUp(server);
    const forged = '<script>x</script>https://evil.example/ Bcc:you@evil.example';
    await login(server, person, { 'user-agent': forged });
    const [mail] = (await mailTo(server, person.user.email)).slice(-1);
    expect(mail?.subject).toBe('New sign-in to your account');
    expect(mail?.headers.get('bcc')).toBeUndefined();
    expect(mail?.raw).not.toMatch(/<script|evil\.example/);
  });
});
