import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInWith42, startFortyTwo } from '../support/forty-two.js';
import { login, PASSWORD, register, signUp, signUpWith2fa, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { newestMail, tokenIn } from '../mail/mailbox.js';

const NEXT = 'quiver marble saffron tundra';
let server: TestApp;
let fortyTwo: Awaited<ReturnType<typeof startFortyTwo>>;
beforeAll(async () => {
  fortyTwo = await startFortyTwo();
  server = await startTestApp(fortyTwo.environment);
});
afterAll(async () => {
  await server.close();
  await fortyTwo.fake.close();
});

function change({ browser }: Pick<Person, 'browser'>, currentPassword: string, newPassword = NEXT) {
  return browser.post('/auth/password', { currentPassword, newPassword });
}

describe('changing the password', () => {
  it('answers 204; the new one works from then on, the old one no more', async () => {
    const person = await signUp(server);
    const answer = await change(person, PASSWORD);
    expect(answer).toMatchObject({ status: 204, body: null });
    expect((await login(server, person)).answer.status).toBe(401);
    expect((await login(server, { ...person, password: NEXT })).answer.status).toBe(200);
  });

  it('ends all other sessions at once, refresh tokens too, and keeps this one', async () => {
    const person = await signUp(server);
    const { browser: other } = await login(server, person);
    expect((await other.get('/auth/sessions')).status).toBe(200);
    await change(person, PASSWORD);
    expect((await other.get('/auth/me')).status).toBe(401);
    expect((await other.post('/auth/refresh', {})).status).toBe(401);
    expect((await person.browser.get('/auth/me')).status).toBe(200);
    expect((await person.browser.post('/auth/refresh', {})).status).toBe(200);
    const events = await person.browser.get('/auth/events');
    expect(events.body.items[0].type).toBe('password_changed');
  });

  it('answers invalid_credentials to a wrong current password, and changes nothing', async () => {
    const person = await signUp(server);
    const answer = await change(person, 'not the password');
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    expect((await login(server, person)).answer.status).toBe(200);
  });

  it('judges the new password as at registration, and points to it', async () => {
    const person = await signUp(server);
    for (const weak of ['short', 'P@ssw0rd2024!', `${person.user.username} and more`])
      expect(await change(person, PASSWORD, weak)).toMatchObject({
        status: 400,
        body: { code: 'weak_password', errors: [{ pointer: '/newPassword' }] },
      });
    expect((await login(server, person)).answer.status).toBe(200);
  });

  it('voids reset links that are still about', async () => {
    const person = await signUp(server);
    await server.browser().post('/auth/password/forgot', { email: person.user.email });
    const token = tokenIn(await newestMail(server, person.user.email, /new password/));
    await change(person, PASSWORD);
    const answer = await server.browser().post('/auth/password/reset', { token, newPassword: PASSWORD });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_token' } });
  });

  it('needs a settled session', async () => {
    const pending = await register(server);
    expect(await change(pending, PASSWORD)).toMatchObject({
      status: 401,
      body: { code: 'second_factor_required' },
    });
    expect((await change({ browser: server.browser() }, PASSWORD)).status).toBe(401);
    const { browser } = await login(server, await signUpWith2fa(server));
    expect((await change({ browser }, PASSWORD)).body.code).toBe('second_factor_required');
  });

  it('takes one of two changes at once', async () => {
    const person = await signUp(server);
    const answers = await Promise.all([
      change(person, PASSWORD, 'saffron tundra one marble'),
      change(person, PASSWORD, 'saffron tundra two marble'),
    ]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 401]);
  });

  it('is nothing for people of 42 without a password: a link to their verified address gives them the first', async () => {
    const browser = server.browser();
    await signInWith42(browser);
    await browser.post('/auth/2fa/skip', {});
    expect(await change({ browser }, 'anything')).toMatchObject({
      status: 401,
      body: { code: 'invalid_credentials' },
    });
    const { email } = (await browser.get('/auth/me')).body.user;
    const forgot = () => server.browser().post('/auth/password/forgot', { email });
    // 42 does not verify addresses: until it is done here, a link could let its owner into the account of whoever
    // gave it there.
    await forgot();
    await expect(newestMail(server, email, /new password/)).rejects.toThrow('no mail');
    await browser.post('/auth/email/verify/resend');
    const link = tokenIn(await newestMail(server, email, /[Cc]onfirm/));
    expect((await browser.post('/auth/email/verify', { token: link })).status).toBe(204);
    await forgot();
    const token = tokenIn(await newestMail(server, email, /new password/));
    expect((await server.browser().post('/auth/password/reset', { token, newPassword: NEXT })).status).toBe(
      204,
    );
    const signedIn = await server.browser().post('/auth/login', { email, password: NEXT });
    expect(signedIn.status).toBe(200);
  });
});

describe('guessing the current password on a device that was left open', () => {
  it('answers 429 after ten wrong ones, also to the right one, however many come at once', async () => {
    const person = await signUp(server);
    const answers = await Promise.all(Array.from({ length: 25 }, (_, i) => change(person, `wrong ${i}`)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    const refused = await change(person, PASSWORD);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers.get('ratelimit-policy')).toBe('"password-user";q=10;w=900');
  });

  it('is counted together with what else asks for it', async () => {
    const person = await signUp(server);
    for (let i = 0; i < 5; i++) {
      expect((await change(person, `wrong ${i}`)).status).toBe(401);
      expect((await person.browser.delete('/api/users/me', { password: `wrong ${i}` })).status).toBe(401);
    }
    for (const answer of [
      await change(person, PASSWORD),
      await person.browser.delete('/api/users/me', { password: PASSWORD }),
      await person.browser.patch('/api/users/me', { email: 'new@example.org', password: PASSWORD }),
    ])
      expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  });
});
