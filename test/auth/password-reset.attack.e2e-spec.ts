import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drain, mailTo, newestMail, tokenIn } from '../mail/mailbox.js';
import type { Answer, Browser } from '../support/browser.js';
import { codeFor, login, newUsername, PASSWORD, register, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NEXT = 'quiver marble saffron tundra';
const SET_A_NEW = /^Set a new password$/;
let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

async function linkFor(email: string): Promise<string> {
  await server.browser().post('/auth/password/forgot', { email });
  return tokenIn(await newestMail(server, email, SET_A_NEW));
}

function reset(token: string, newPassword = NEXT, browser: Browser = server.browser()): Promise<Answer> {
  return browser.post('/auth/password/reset', { token, newPassword });
}

describe('replay of a reset link', () => {
  it('is refused, and the first password stays', async () => {
    const person = await register(server);
    const token = await linkFor(person.user.email);
    expect((await reset(token)).status).toBe(204);
    expect(await reset(token, 'tundra of the attacker')).toMatchObject({
      status: 400,
      body: { code: 'invalid_token' },
    });
    expect((await login(server, { ...person, password: NEXT })).answer.status).toBe(200);
  });

  it('ten at once on two replicas: one wins, and only its password works', async () => {
    const person = await register(server);
    const token = await linkFor(person.user.email);
    const other = await startTestApp({}, server.database);
    const passwords = Array.from({ length: 10 }, (_, i) => `saffron tundra ${i} marble`);
    const answers = await Promise.all(
      passwords.map((password, i) => reset(token, password, (i % 2 === 0 ? server : other).browser())),
    );
    const statuses = answers.map(({ status }) => status);
    expect([...statuses].sort((a, b) => a - b)).toEqual([204, ...Array.from({ length: 9 }, () => 400)]);
    const signIns = await Promise.all(
      passwords.map(async (password) => (await login(server, { ...person, password })).answer.status),
    );
    expect(signIns).toEqual(statuses.map((status) => (status === 204 ? 200 : 401)));
    await other.close();
  });
});

describe('getting round the second step by a reset', () => {
  it('is asked for the code afterwards, and reset itself signs nobody in', async () => {
    const person = await signUpWith2fa(server);
    const answer = await reset(await linkFor(person.user.email));
    expect(answer.setCookies).toEqual([]);
    const { browser, answer: signedIn } = await login(server, { ...person, password: NEXT });
    expect(signedIn.body.next).toBe('2fa');
    expect((await browser.get('/auth/sessions')).body.code).toBe('second_factor_required');
    const verified = await browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret) });
    expect(verified.status).toBe(200);
  });

  it('does not take the lock of the second step away', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    for (let i = 0; i < 5; i++) await browser.post('/auth/2fa/verify', { code: '000000' });
    await reset(await linkFor(person.user.email));
    const again = await login(server, { ...person, password: NEXT });
    const locked = await again.browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret) });
    expect(locked).toMatchObject({ status: 429, body: { code: 'second_factor_locked' } });
  });
});

describe('enumeration by the forgotten password', () => {
  it('answers the same to known and unknown addresses, and writes the same', async () => {
    const { user } = await signUp(server);
    await drain(server);
    const answers = [];
    for (const email of [user.email, `${newUsername()}@example.org`])
      answers.push(await server.browser().post('/auth/password/forgot', { email }));
    const [known, unknown] = answers.map(({ status, body, setCookies, headers }) => ({
      status,
      body,
      setCookies,
      names: [...headers.keys()].sort(),
    }));
    expect(known).toEqual(unknown);
  });

  it('takes as long for either: medians over 200 tries differ by less than a fifth or 3 ms', async () => {
    const { user } = await signUp(server);
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let i = 0; i < 200; i++)
      for (const kind of ['known', 'unknown'] as const) {
        const email = kind === 'known' ? user.email : `nobody-${i}@example.org`;
        const began = performance.now();
        await server.browser().post('/auth/password/forgot', { email });
        times[kind].push(performance.now() - began);
      }
    const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length / 2] ?? 0;
    const [known, unknown] = [median(times.known), median(times.unknown)];
    expect(Math.abs(known - unknown)).toBeLessThan(Math.max(3, 0.2 * Math.max(known, unknown)));
  });
});

describe('a flood of reset mails', () => {
  it('brings an address five links in an hour; every wish is answered alike', async () => {
    const { user } = await register(server);
    const answers = [];
    for (let i = 0; i < 7; i++)
      answers.push((await server.browser().post('/auth/password/forgot', { email: user.email })).status);
    expect(answers).toEqual(Array.from({ length: 7 }, () => 202));
    const links = (await mailTo(server, user.email)).filter(({ subject }) => SET_A_NEW.test(subject));
    expect(links).toHaveLength(5);
  });

  it('is refused by address after thirty wishes, whomever they name', async () => {
    const strict = await startTestApp({ RATE_LIMIT_FACTOR: '0.1' });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      const email = `${newUsername()}@example.org`;
      statuses.push((await strict.browser().post('/auth/password/forgot', { email })).status);
    }
    expect(statuses).toEqual([202, 202, 202, 429]);
    const guesses: number[] = [];
    for (let i = 0; i < 3; i++)
      guesses.push((await reset(`made-up-token-${i}`, NEXT, strict.browser())).status);
    expect(guesses).toEqual([400, 400, 429]);
    await strict.close();
  });
});

describe('a link to an address that is no longer the account’s', () => {
  it('opens nothing', async () => {
    const person = await signUp(server);
    const token = await linkFor(person.user.email);
    const email = `${newUsername()}@example.org`;
    await person.browser.patch('/api/users/me', { email, password: PASSWORD });
    const agreed = tokenIn(await newestMail(server, email, /new e-mail address/));
    expect((await server.browser().post('/auth/email/verify', { token: agreed })).status).toBe(204);
    expect((await reset(token)).body.code).toBe('invalid_token');
  });
});

describe('header injection', () => {
  it.each(['a@example.org\r\nBcc: b@example.org', 'a@example.org,b@example.org', '"a\nBcc: b"@example.org'])(
    'by the address %j is refused',
    async (email) => {
      const answer = await server.browser().post('/auth/password/forgot', { email });
      expect(answer.status).toBe(400);
    },
  );

  it('by a display name reaches no mail', async () => {
    const person = await signUp(server);
    const refused = await person.browser.patch('/api/users/me', {
      displayName: 'A\r\nBcc: eve@evil.example',
    });
    expect(refused.status).toBe(400);
    await person.browser.patch('/api/users/me', { displayName: 'A <eve@evil.example>, <script>' });
    await linkFor(person.user.email);
    const mail = await newestMail(server, person.user.email, SET_A_NEW);
    expect(mail.headers.get('to')).toBe(person.user.email);
    expect(mail.raw).not.toMatch(/evil\.example|<script/);
  });
});

describe('a session that begins with the old password while it is reset', () => {
  it('does not outlive the reset', async () => {
    for (let i = 0; i < 10; i++) {
      const person = await signUp(server);
      const token = await linkFor(person.user.email);
      const [answer, ...signIns] = await Promise.all([
        reset(token),
        ...Array.from({ length: 6 }, () => login(server, person)),
      ]);
      expect(answer.status).toBe(204);
      for (const { browser } of signIns) expect((await browser.get('/auth/me')).status).toBe(401);
    }
  });
});

describe('a hash that is renewed at sign-in', () => {
  it('neither refuses sign-ins beside it nor brings a replaced password back', async () => {
    const stronger = await startTestApp({ BCRYPT_COST: '5' }, server.database);
    const person = await signUp(server);
    const signIns = await Promise.all(Array.from({ length: 5 }, () => login(stronger, person)));
    expect(signIns.map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    const [row] = await server.database.query<{ scheme: string }>(
      'SELECT scheme FROM passwords WHERE user_id = $1',
      [person.user.id],
    );
    expect(row?.scheme).toMatch(/:5$/);
    for (let i = 0; i < 5; i++) {
      const other = await signUp(server);
      const body = { currentPassword: PASSWORD, newPassword: NEXT };
      const changing = other.browser.post('/auth/password', body);
      await Promise.all([changing, login(stronger, other), login(stronger, other)]);
      expect((await login(server, { ...other, password: NEXT })).answer.status).toBe(200);
      expect((await login(server, other)).answer.status).toBe(401);
    }
    await stronger.close();
  });
});
