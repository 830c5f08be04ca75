import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { login, newUsername, PASSWORD, signUp, type Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { startWithAdmin } from './admins.js';

let server: TestApp;
let root: Person;
beforeAll(async () => {
  ({ server, root } = await startWithAdmin());
});
afterAll(() => server.close());

async function eventsOf(userId: string): Promise<{ type: string; ip: string | null; details: unknown }[]> {
  return server.database.query(
    'SELECT type, ip, details FROM security_events WHERE user_id = $1 ORDER BY id',
    [userId],
  );
}

describe('creating an account', () => {
  it('answers 201 with the administrative view, and the person signs in with the password', async () => {
    const username = newUsername();
    const answer = await root.browser.post('/api/users', {
      username,
      email: `  ${username.toUpperCase()}@Example.org `,
      password: PASSWORD,
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      username,
      displayName: username,
      avatarUrl: null,
      hasKeys: false,
      email: `${username}@example.org`,
      emailVerified: false,
      role: 'user',
      suspended: false,
      createdAt: expect.any(String),
    });
    const user = { id: answer.body.id, username, email: `${username}@example.org` };
    expect((await login(server, { user, password: PASSWORD })).answer.status).toBe(200);
    expect(await eventsOf(answer.body.id)).toMatchObject([
      { type: 'account_registered', ip: null, details: { by: root.user.id } },
      { type: 'sign_in_succeeded' },
    ]);
  });

  it('makes an admin where it is told so, and nobody can sign in without a password', async () => {
    const username = newUsername();
    const email = `${username}@example.org`;
    const body = { username, email, role: 'admin', displayName: ' Chief ' };
    const answer = await root.browser.post('/api/users', body);
    expect(answer).toMatchObject({ status: 201, body: { role: 'admin', displayName: 'Chief' } });
    const user = { id: answer.body.id, username, email };
    expect((await login(server, { user, password: '' })).answer.status).toBe(400);
    expect((await login(server, { user, password: PASSWORD })).answer.status).toBe(401);
  });

  it('refuses what is taken', async () => {
    const { user } = await signUp(server);
    const name = await root.browser.post('/api/users', { username: user.username, email: 'n@example.org' });
    expect(name).toMatchObject({ status: 409, body: { code: 'username_taken' } });
    const email = await root.browser.post('/api/users', { username: newUsername(), email: user.email });
    expect(email).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });

  it.each([
    [{ username: 'Upper.Case' }, '/username'],
    [{ username: 'ab' }, '/username'],
    [{ username: 'a'.repeat(33) }, '/username'],
    [{ username: 'line\n' }, '/username'],
    [{ username: ['array'] }, '/username'],
    [{ email: 'nobody' }, '/email'],
    [{ email: 'jürgen@example.org' }, '/email'],
    [{ email: 'a@münchen.example' }, '/email'],
    [{ email: `${'a'.repeat(64)}@${'b.'.repeat(100)}example.org` }, '/email'],
    [{ email: null }, '/email'],
    [{ displayName: ' \u200b ' }, '/displayName'],
    [{ displayName: 'a\u202eb' }, '/displayName'],
    [{ displayName: 'a\0b' }, '/displayName'],
    [{ displayName: 'a'.repeat(65) }, '/displayName'],
    [{ displayName: null }, '/displayName'],
    [{ role: 'owner' }, '/role'],
    [{ role: null }, '/role'],
    [{ password: null }, '/password'],
    [{ emailVerified: true }, '/emailVerified'],
    [{ id: '01890000-0000-7000-8000-000000000000' }, '/id'],
  ])('answers 400 for %j', async (wrong, pointer) => {
    const username = newUsername();
    const body = { username, email: `${username}@example.org`, ...wrong };
    const answer = await root.browser.post('/api/users', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(answer.body.errors).toContainEqual({ pointer, detail: expect.any(String) });
  });

  it('refuses a weak password and creates nothing', async () => {
    const username = newUsername();
    const body = { username, email: `${username}@example.org`, password: 'P@ssw0rd2024!' };
    const answer = await root.browser.post('/api/users', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'weak_password', rule: 'guessable' } });
    expect(await server.database.query('SELECT 1 FROM users WHERE username = $1', [username])).toEqual([]);
  });

  it('answers 400 without a body', async () => {
    const answer = await root.browser.send('POST', '/api/users');
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });
});

describe('changing an account', () => {
  it('changes any of the five and answers the administrative view', async () => {
    const { user } = await signUp(server);
    const username = newUsername();
    const changes = { username, displayName: 'New Name', email: `${username}@example.net`, role: 'admin' };
    const answer = await root.browser.put(`/api/users/${user.id}`, changes);
    expect(answer).toMatchObject({
      status: 200,
      body: { ...changes, emailVerified: false, suspended: false },
    });
    const suspended = await root.browser.put(`/api/users/${user.id}`, { suspended: true });
    expect(suspended.body).toMatchObject({ ...changes, suspended: true });
    expect((await eventsOf(user.id)).slice(-3)).toMatchObject([
      { type: 'role_changed', ip: null, details: { role: 'admin', by: root.user.id } },
      { type: 'email_changed' },
      { type: 'account_suspended' },
    ]);
  });

  it('records nothing for what is the same already', async () => {
    const { user } = await signUp(server);
    const before = await eventsOf(user.id);
    const same = { username: user.username, email: user.email.toUpperCase(), role: 'user', suspended: false };
    expect((await root.browser.put(`/api/users/${user.id}`, same)).status).toBe(200);
    expect((await root.browser.put(`/api/users/${user.id}`, {})).status).toBe(200);
    expect(await eventsOf(user.id)).toEqual(before);
  });

  it('makes a changed address unverified', async () => {
    const { user } = await signUp(server);
    await server.database.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [user.id]);
    const answer = await root.browser.put(`/api/users/${user.id}`, { email: `new.${user.email}` });
    expect(answer.body).toMatchObject({ email: `new.${user.email}`, emailVerified: false });
  });

  it('refuses what is taken, and answers 404 for nobody', async () => {
    const [one, two] = [await signUp(server), await signUp(server)];
    const put = (body: unknown) => root.browser.put(`/api/users/${one.user.id}`, body);
    expect((await put({ username: two.user.username })).body.code).toBe('username_taken');
    expect((await put({ email: two.user.email })).body.code).toBe('email_taken');
    const nobody = '01890000-0000-7000-8000-000000000000';
    expect((await root.browser.put(`/api/users/${nobody}`, {})).status).toBe(404);
    expect((await root.browser.delete(`/api/users/${nobody}`)).status).toBe(404);
  });

  it('ends the sessions of a suspended account at once, and lets it in again once it is restored', async () => {
    const person = await signUp(server);
    expect((await person.browser.get('/api/users/me')).status).toBe(200);
    await root.browser.put(`/api/users/${person.user.id}`, { suspended: true });
    expect((await person.browser.get('/api/users/me')).status).toBe(401);
    expect((await person.browser.post('/auth/refresh', {})).status).toBe(401);
    expect((await login(server, person)).answer).toMatchObject({
      status: 403,
      body: { code: 'account_suspended' },
    });
    await root.browser.put(`/api/users/${person.user.id}`, { suspended: false });
    expect((await login(server, person)).answer.status).toBe(200);
    expect((await eventsOf(person.user.id)).map(({ type }) => type)).toContain('account_restored');
  });
});
