import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { login, newUsername, PASSWORD, register, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

describe('registering', () => {
  it('answers 201 with the user and first-login, and a pending session in the jwt cookie', async () => {
    const browser = server.browser();
    const username = newUsername();
    const answer = await browser.post('/auth/register', {
      username,
      email: `${username.toUpperCase()}@Example.org`,
      password: PASSWORD,
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      user: {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        username,
        displayName: username,
        email: `${username}@example.org`,
        emailVerified: false,
        avatarUrl: null,
        role: 'user',
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
      next: 'first-login',
    });
    expect(answer.setCookies).toEqual([
      expect.stringMatching(/^jwt=[\w.-]+; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/),
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await browser.get('/auth/me')).body).toMatchObject({
      session: { tfa: false, amr: ['pwd'] },
      next: 'first-login',
    });
  });

  it('answers 409 for a taken username and a taken e-mail, whatever its case', async () => {
    const { user } = await register(server);
    const browser = server.browser();
    const sameName = { username: user.username, email: 'other@example.org', password: PASSWORD };
    expect(await browser.post('/auth/register', sameName)).toMatchObject({
      status: 409,
      body: { code: 'username_taken' },
    });
    const sameMail = { username: newUsername(), email: user.email.toUpperCase(), password: PASSWORD };
    expect(await browser.post('/auth/register', sameMail)).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
  });

  it('answers 409 to all but one of ten that register the same name at once', async () => {
    const username = newUsername();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        server
          .browser()
          .post('/auth/register', { username, email: `${username}.${i}@example.org`, password: PASSWORD }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array(9).fill(409),
    ]);
  });

  it.each([
    [{ username: 'Upper' }, '/username'],
    [{ username: 'ab' }, '/username'],
    [{ email: 'nobody' }, '/email'],
    [{ password: 12345678901 }, '/password'],
    [{ role: 'admin' }, '/role'],
  ])('answers 400 with the pointer for %j', async (wrong, pointer) => {
    const username = newUsername();
    const body = { username, email: `${username}@example.org`, password: PASSWORD, ...wrong };
    const answer = await server.browser().post('/auth/register', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'validation_failed',
      errors: expect.arrayContaining([expect.objectContaining({ pointer })]),
    });
  });

  it.each(['short', 'P@ssw0rd2024!', 'aaaaaaaaaaaaaaaa'])(
    'refuses the weak password %s by name of the rule',
    async (password) => {
      const username = newUsername();
      const answer = await server
        .browser()
        .post('/auth/register', { username, email: `${username}@example.org`, password });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'weak_password', errors: [{ pointer: '/password' }] });
    },
  );
});

describe('signing in with a password', () => {
  it('goes on to first-login until the second step was settled once, then home at once', async () => {
    const person = await register(server);
    const first = await login(server, person);
    expect(first.answer).toMatchObject({ status: 200, body: { next: 'first-login' } });
    await first.browser.post('/auth/2fa/skip', {});
    const second = await login(server, person);
    expect(second.answer).toMatchObject({ status: 200, body: { next: 'home' } });
    expect([...second.browser.cookies.keys()]).toEqual(['jwt', 'refresh']);
    expect((await second.browser.get('/auth/me')).body).toMatchObject({
      session: { tfa: true },
      next: 'home',
    });
  });

  it('answers the same 401 for an unknown e-mail and a wrong password', async () => {
    const { user } = await signUp(server);
    const wrong = await server
      .browser()
      .post('/auth/login', { email: user.email, password: 'not the password' });
    const unknown = await server
      .browser()
      .post('/auth/login', { email: 'nobody@example.org', password: 'not the password' });
    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    const { instance: _a, ...told } = wrong.body;
    const { instance: _b, ...toldUnknown } = unknown.body;
    expect(told).toEqual(toldUnknown);
    expect(told.code).toBe('invalid_credentials');
    expect(wrong.setCookies).toEqual([]);
  });

  it('gives tokens in the body to clients that ask, and sets no cookie', async () => {
    const person = await signUp(server);
    const client = server.browser();
    const answer = await client.post('/auth/login', {
      email: person.user.email,
      password: person.password,
      tokens: 'body',
    });
    expect(answer.body).toMatchObject({ next: 'home', expiresIn: 900 });
    expect(answer.setCookies).toEqual([]);
    const me = await client.get('/auth/me', {
      headers: { authorization: `Bearer ${answer.body.accessToken}` },
    });
    expect(me).toMatchObject({ status: 200, body: { user: { id: person.user.id } } });
    const refreshed = await client.post('/auth/refresh', { refreshToken: answer.body.refreshToken });
    expect(refreshed.body).toMatchObject({
      expiresIn: 900,
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
    });
    expect(refreshed.setCookies).toEqual([]);
  });

  it('gives no refresh token while the second step is open', async () => {
    const person = await register(server);
    const answer = await server
      .browser()
      .post('/auth/login', { email: person.user.email, password: person.password, tokens: 'body' });
    expect(answer.body).toMatchObject({ next: 'first-login', accessToken: expect.any(String) });
    expect(answer.body).not.toHaveProperty('refreshToken');
  });
});
