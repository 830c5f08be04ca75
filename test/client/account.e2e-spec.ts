import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, newUsername, PASSWORD } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { newDevice, signInAgain, signUp } from './client.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

/** Counts requests by path on their way out. */
function counting() {
  const paths: string[] = [];
  const counted: typeof fetch = (input, init) => {
    paths.push(new URL(input instanceof Request ? input.url : input).pathname);
    return fetch(input, init);
  };
  return { paths, fetch: counted, of: (path: string) => paths.filter((one) => one === path).length };
}

describe('signing up and in', () => {
  it('goes from registration over an authenticator to home, and in again with a code and with a recovery code', async () => {
    const { client } = newDevice(server.baseUrl);
    const username = newUsername();
    const email = `${username}@example.org`;
    const registered = await client.auth.register({ username, email, password: PASSWORD });
    expect(registered).toMatchObject({ next: 'first-login', user: { username, email } });
    expect(registered).not.toHaveProperty('accessToken');
    await expect(client.profile.get()).rejects.toMatchObject({ code: 'second_factor_required', status: 401 });
    const { secret, qrCode } = await client.twoFactor.generate();
    expect(qrCode).toMatch(/^data:image\/png/);
    const { recoveryCodes } = await client.twoFactor.enable(codeFor(server, secret));
    expect(recoveryCodes).toHaveLength(10);
    expect(await client.auth.me()).toMatchObject({ next: 'home', session: { tfa: true } });

    const second = newDevice(server.baseUrl).client;
    server.clock.advance(30);
    expect(await second.auth.login({ email, password: PASSWORD })).toMatchObject({ next: '2fa' });
    await expect(second.twoFactor.verify('000000')).rejects.toMatchObject({ code: 'invalid_code' });
    expect(await second.twoFactor.verify(codeFor(server, secret))).toEqual({ next: 'home' });
    const third = newDevice(server.baseUrl).client;
    await third.auth.login({ email, password: PASSWORD });
    await third.twoFactor.recover(recoveryCodes[0] ?? '');
    expect(await third.twoFactor.status()).toEqual({ enabled: true, recoveryCodesLeft: 9 });
  });

  it('types every refusal by its code, with the fields that are wrong', async () => {
    const { client } = newDevice(server.baseUrl);
    await expect(
      client.auth.login({ email: 'nobody@example.org', password: PASSWORD }),
    ).rejects.toMatchObject({
      name: 'SealgateError',
      code: 'invalid_credentials',
      status: 401,
      requestId: expect.any(String),
    });
    const weak = client.auth.register({ username: 'A', email: 'x', password: 'short' });
    await expect(weak).rejects.toMatchObject({
      code: 'validation_failed',
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/username' })]),
    });
    expect(await client.auth.meOrNull()).toBeNull();
  });

  it('says what no answer is', async () => {
    const { client } = newDevice('http://127.0.0.1:9', { retry: { retries: 1, baseDelayMs: 1 } });
    await expect(client.auth.me()).rejects.toMatchObject({ code: 'network', status: null });
  });
});

describe('sessions', () => {
  it('lists the devices and signs one out at once', async () => {
    const ada = await signUp(server.baseUrl);
    const other = await signInAgain(server.baseUrl, ada);
    const sessions = await ada.client.sessions.list().toArray();
    expect(sessions).toHaveLength(2);
    const [theOther] = sessions.filter(({ current }) => !current);
    await ada.client.sessions.end(theOther?.id ?? '');
    await expect(other.client.profile.get()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await ada.client.securityEvents.list().toArray()).map(({ type }) => type)).toContain(
      'session_revoked',
    );
  });

  it('is over after signing out, here and on the server', async () => {
    const ada = await signUp(server.baseUrl);
    await ada.client.auth.logout();
    expect(await ada.client.auth.meOrNull()).toBeNull();
  });
});

describe('42', () => {
  it('is not linked to who came with a password, and can be reached from there', async () => {
    const { client } = await signUp(server.baseUrl);
    expect(await client.fortyTwo.status()).toMatchObject({ linked: false });
    expect(await client.profile.get()).toHaveProperty('pendingEmail', null);
    expect(client.auth.loginUrl('/home')).toBe(`${server.baseUrl}/auth/login?returnTo=%2Fhome`);
    expect(new URL(await client.fortyTwo.link('/settings')).searchParams.get('code_challenge_method')).toBe(
      'S256',
    );
    await expect(client.fortyTwo.unlink()).rejects.toMatchObject({ name: 'SealgateError' });
  });
});

describe('renewing the session', () => {
  it('asks once for thirty calls with an expired token', async () => {
    const { paths: _, ...count } = counting();
    const ada = await signUp(server.baseUrl, { fetch: count.fetch });
    server.clock.advance(16 * 60);
    const profiles = await Promise.all(Array.from({ length: 30 }, () => ada.client.profile.get()));
    expect(new Set(profiles.map(({ id }) => id))).toEqual(new Set([ada.id]));
    expect(count.of('/auth/refresh')).toBe(1);
  });

  it('does not loop where it is refused: one renewal, one error each', async () => {
    const { paths: _, ...count } = counting();
    const ada = await signUp(server.baseUrl, { fetch: count.fetch });
    server.clock.advance(31 * 24 * 3600);
    const calls = Array.from({ length: 5 }, () => ada.client.profile.get());
    for (const result of await Promise.allSettled(calls))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unauthenticated' } });
    expect(count.of('/auth/refresh')).toBe(1);
    expect(count.of('/api/users/me')).toBeLessThanOrEqual(10);
  });
});

describe('the directory', () => {
  it('is read page by page', async () => {
    const prefix = newUsername('dir');
    for (let i = 0; i < 3; i += 1) await signUp(server.baseUrl, { name: `${prefix}-${i}`.slice(0, 20) });
    const ada = await signUp(server.baseUrl);
    const found = await ada.client.users.search(prefix.slice(0, 14)).toArray();
    expect(found).toHaveLength(3);
    expect(found[0]).toMatchObject({ hasKeys: false });
    expect(await ada.client.users.get(found[0]?.id ?? '')).toEqual(found[0]);
  });

  it('remembers whom one does not want to hear from', async () => {
    const ada = await signUp(server.baseUrl);
    const eve = await signUp(server.baseUrl);
    const { id } = await eve.client.profile.get();
    await ada.client.users.block(id);
    expect(await ada.client.users.blocked()).toMatchObject([{ userId: id }]);
    expect(await eve.client.users.blocked()).toEqual([]);
    await ada.client.users.unblock(id);
    expect(await ada.client.users.blocked()).toEqual([]);
  });
});
