import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { login, newUsername, PASSWORD, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { mailTo, newestMail, tokenIn } from './mailbox.js';

const BOSS = 'boss@example.org';
let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ ADMIN_EMAILS: BOSS });
});
afterAll(() => server.close());

function newAddress(): string {
  return `${newUsername()}@example.org`;
}

function ask({ browser }: Person, email: string): Promise<Answer> {
  return browser.patch('/api/users/me', { email, password: PASSWORD });
}

async function linkTo(email: string): Promise<string> {
  return tokenIn(await newestMail(server, email, /^Confirm your new e-mail address$/));
}

function follow(token: string): Promise<Answer> {
  return server.browser().post('/auth/email/verify', { token });
}

async function profile({ browser }: Person): Promise<Record<string, unknown>> {
  return (await browser.get('/api/users/me')).body;
}

async function eventTypes({ browser }: Person): Promise<string[]> {
  return (await browser.get('/auth/events')).body.items.map(({ type }: { type: string }) => type);
}

describe('changing the own e-mail address', () => {
  it('waits for the new one to answer; until then the old one counts, also for signing in', async () => {
    const person = await signUp(server);
    const email = newAddress();
    expect((await ask(person, email)).status).toBe(200);
    expect(await profile(person)).toMatchObject({ email: person.user.email, pendingEmail: email });
    expect((await login(server, person)).answer.status).toBe(200);
    expect((await login(server, { ...person, user: { ...person.user, email } })).answer.status).toBe(401);
    expect((await follow(await linkTo(email))).status).toBe(204);
    expect(await profile(person)).toMatchObject({ email, emailVerified: true, pendingEmail: null });
    expect((await login(server, person)).answer.status).toBe(401);
    expect((await login(server, { ...person, user: { ...person.user, email } })).answer.status).toBe(200);
    expect(await eventTypes(person)).toEqual(
      expect.arrayContaining(['email_change_requested', 'email_changed']),
    );
  });

  it('tells the old address before and after, and not the new one’s name', async () => {
    const person = await signUp(server);
    const email = newAddress();
    await ask(person, email);
    const before = await newestMail(server, person.user.email, /^Another e-mail address was asked for$/);
    await follow(await linkTo(email));
    const after = await newestMail(server, person.user.email, /address of your account was changed/);
    for (const { text, html } of [before, after]) expect(`${text}${html}`).not.toContain(email);
  });

  it('takes one of two uses of the link at once, and none after a day', async () => {
    const person = await signUp(server);
    const email = newAddress();
    await ask(person, email);
    const token = await linkTo(email);
    const answers = await Promise.all([follow(token), follow(token), follow(token)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 400, 400]);
    const late = newAddress();
    await ask(person, late);
    const tooLate = await linkTo(late);
    server.clock.advance(24 * 3600 + 1);
    expect(await follow(tooLate)).toMatchObject({ status: 400, body: { code: 'invalid_token' } });
  });

  it('forgets the first wish with the second', async () => {
    const person = await signUp(server);
    const [first, second] = [newAddress(), newAddress()];
    await ask(person, first);
    const old = await linkTo(first);
    await ask(person, second);
    expect((await follow(old)).status).toBe(400);
    expect(await profile(person)).toMatchObject({ email: person.user.email, pendingEmail: second });
  });

  it('kills the links to the old address', async () => {
    const person = await signUp(server);
    const old = tokenIn(await newestMail(server, person.user.email, /^Confirm your e-mail address$/));
    const email = newAddress();
    await ask(person, email);
    await follow(await linkTo(email));
    expect((await follow(old)).status).toBe(400);
  });

  it('answers email_taken where somebody else has it, or was faster', async () => {
    const [person, other] = [await signUp(server), await signUp(server)];
    expect(await ask(person, other.user.email)).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    const email = newAddress();
    await ask(person, email);
    await signUp(server, { email });
    expect(await follow(await linkTo(email))).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect(await profile(person)).toMatchObject({ email: person.user.email });
  });

  it('brings the role of a first admin with the answer, not with the wish', async () => {
    const person = await signUp(server);
    await ask(person, BOSS);
    expect(await profile(person)).toMatchObject({ role: 'user' });
    expect((await person.browser.post('/auth/email/verify', { token: await linkTo(BOSS) })).status).toBe(204);
    expect(await profile(person)).toMatchObject({ role: 'admin' });
  });
});

describe('a thief who asks for an address of their own', () => {
  it('is stopped by the owner who sets a new password', async () => {
    const person = await signUp(server);
    const thiefs = newAddress();
    await ask(person, thiefs);
    const link = await linkTo(thiefs);
    await server.browser().post('/auth/password/forgot', { email: person.user.email });
    const token = tokenIn(await newestMail(server, person.user.email, /Set a new password/));
    const reset = { token, newPassword: 'copper violin meadow falcon' };
    expect((await server.browser().post('/auth/password/reset', reset)).status).toBe(204);
    expect((await follow(link)).status).toBe(400);
  });

  it('writes to five addresses in an hour at most', async () => {
    const person = await signUp(server);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await ask(person, newAddress())).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('gets nothing by a suspended or deleted account’s link', async () => {
    const [suspended, deleted] = [await signUp(server), await signUp(server)];
    const links: string[] = [];
    for (const person of [suspended, deleted]) {
      const email = newAddress();
      await ask(person, email);
      links.push(await linkTo(email));
    }
    await server.database.query('UPDATE users SET suspended_at = now() WHERE id = $1', [suspended.user.id]);
    await deleted.browser.delete('/api/users/me', { password: PASSWORD });
    for (const link of links) expect((await follow(link)).status).toBe(400);
    expect(await mailTo(server, suspended.user.email)).not.toEqual([]);
  });
});
