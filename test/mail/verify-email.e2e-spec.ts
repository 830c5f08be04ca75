import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFortyTwo, signInWith42 } from '../support/forty-two.js';
import { PASSWORD, register, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { drain, mailTo, newestMail, tokenIn } from './mailbox.js';

const CONFIRM = /^Confirm your e-mail address$/;
const BOSS = 'boss@example.org';
const PRODUCTION = { NODE_ENV: 'production', ALLOW_INSECURE_HTTP: 'true', BCRYPT_COST: '10' };
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

async function linkFor(email: string): Promise<string> {
  return tokenIn(await newestMail(server, email, CONFIRM));
}

function verify(token: string): Promise<{ status: number; body: { code?: string } }> {
  return server.browser().post('/auth/email/verify', { token });
}

async function isVerified({ browser }: Pick<Person, 'browser'>): Promise<boolean> {
  return (await browser.get('/auth/me')).body.user.emailVerified;
}

describe('verifying an e-mail address', () => {
  it('answers 204 to the token of the mail, once, without a session', async () => {
    const person = await signUp(server);
    const token = await linkFor(person.user.email);
    expect(await isVerified(person)).toBe(false);
    expect((await verify(token)).status).toBe(204);
    expect(await isVerified(person)).toBe(true);
    expect(await verify(token)).toMatchObject({ status: 400, body: { code: 'invalid_token' } });
    const events = await person.browser.get('/auth/events');
    expect(events.body.items.map(({ type }: { type: string }) => type)).toContain('email_verified');
  });

  it('takes one of two uses at once', async () => {
    const { user } = await register(server);
    const token = await linkFor(user.email);
    const answers = await Promise.all([verify(token), verify(token), verify(token)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 400, 400]);
  });

  it('answers invalid_token to a token that is made up, and 400 to none', async () => {
    expect(await verify('A'.repeat(43))).toMatchObject({ status: 400, body: { code: 'invalid_token' } });
    expect(await verify('no token!')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await server.browser().post('/auth/email/verify', {})).toMatchObject({ status: 400 });
  });

  it('refuses a link after a day', async () => {
    const { user } = await register(server);
    const token = await linkFor(user.email);
    server.clock.advance(24 * 3600 + 1);
    expect((await verify(token)).status).toBe(400);
  });

  it('refuses the token of a reset link', async () => {
    const { user } = await register(server);
    await server.browser().post('/auth/password/forgot', { email: user.email });
    const token = tokenIn(await newestMail(server, user.email, /password/));
    expect((await verify(token)).status).toBe(400);
  });

  it('keeps only a hash of the token', async () => {
    const { user } = await register(server);
    const token = await linkFor(user.email);
    const [row] = await server.database.query<{ dump: string }>(
      'SELECT json_agg(mail_tokens)::text AS dump FROM mail_tokens',
    );
    const dump = row?.dump ?? '';
    expect(dump).toContain(user.email);
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  });
});

describe('asking for another link', () => {
  it('answers 202 and mails one, until the address is verified', async () => {
    const person = await signUp(server);
    const first = await linkFor(person.user.email);
    const answer = await person.browser.post('/auth/email/verify/resend');
    expect(answer).toMatchObject({ status: 202, body: null });
    const second = await linkFor(person.user.email);
    expect(second).not.toBe(first);
    expect((await verify(first)).status).toBe(204);
    const before = (await mailTo(server, person.user.email)).length;
    expect((await person.browser.post('/auth/email/verify/resend')).status).toBe(202);
    expect(await mailTo(server, person.user.email)).toHaveLength(before);
  });

  it('answers 429 to the sixth in an hour, and 401 without a session', async () => {
    const { browser } = await signUp(server);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await browser.post('/auth/email/verify/resend')).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
    expect((await server.browser().post('/auth/email/verify/resend')).status).toBe(401);
  });
});

describe('an account that goes', () => {
  it('takes its links and the mail that waits along', async () => {
    const person = await signUp(server);
    const token = await linkFor(person.user.email);
    expect((await person.browser.delete('/api/users/me', { password: PASSWORD })).status).toBe(204);
    expect((await verify(token)).status).toBe(400);
    const left = await server.database.query('SELECT 1 FROM mail_tokens WHERE email = $1', [
      person.user.email,
    ]);
    expect(left).toEqual([]);
  });
});

describe('the first admin', () => {
  let production: TestApp;
  beforeEach(async () => {
    production = await startTestApp({
      ...PRODUCTION,
      ADMIN_EMAILS: BOSS,
    });
  });
  afterEach(() => production.close());

  const roleOf = async ({ browser }: Pick<Person, 'browser'>): Promise<string> =>
    (await browser.get('/auth/me')).body.user.role;
  const bossLink = async (): Promise<string> => tokenIn(await newestMail(production, BOSS, CONFIRM));

  it('has the role with the address verified in the own session in production, and not before', async () => {
    const person = await register(production, { email: BOSS });
    expect(await roleOf(person)).toBe('user');
    expect((await person.browser.post('/auth/email/verify', { token: await bossLink() })).status).toBe(204);
    expect(await roleOf(person)).toBe('admin');
  });

  it('does not lend the role to a stranger who registered with the address, by a click on our mail', async () => {
    const stranger = await register(production, { email: BOSS });
    const somebody = await register(production);
    const token = await bossLink();
    expect((await somebody.browser.post('/auth/email/verify', { token })).status).toBe(204);
    expect(await roleOf(stranger)).toBe('user');
    expect(await roleOf(somebody)).toBe('user');
  });

  it('takes the account from such a stranger by a new password, with every way in that they left', async () => {
    const stranger = await signUp(production, { email: BOSS });
    await production.browser().post('/auth/email/verify', { token: await bossLink() });
    await production.database.query(
      "INSERT INTO identities (provider, subject, user_id, created_at) VALUES ('42', '4711', $1, now())",
      [stranger.user.id],
    );
    await production.browser().post('/auth/password/forgot', { email: BOSS });
    const token = tokenIn(await newestMail(production, BOSS, /Set a new password/));
    const newPassword = 'copper violin meadow falcon';
    expect((await production.browser().post('/auth/password/reset', { token, newPassword })).status).toBe(
      204,
    );
    expect((await stranger.browser.get('/auth/me')).status).toBe(401);
    const owner = production.browser();
    await owner.post('/auth/login', { email: BOSS, password: newPassword });
    expect(await roleOf({ browser: owner })).toBe('admin');
    expect(await production.database.query('SELECT 1 FROM identities')).toEqual([]);
  });
});

describe('an account of 42', () => {
  it('is asked for its address too: 42 does not say that it is verified', async () => {
    const browser = server.browser();
    await signInWith42(browser);
    const { user } = (await browser.get('/auth/me')).body;
    expect(user.emailVerified).toBe(false);
    await drain(server);
    expect((await verify(await linkFor(user.email))).status).toBe(204);
    expect(await isVerified({ browser })).toBe(true);
  });
});
