import { decodeJwt } from 'jose';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Browser } from '../support/browser.js';
import { login, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { cookieOf } from './tokens.js';

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

const DAY = 24 * 3600;
const INVALID = { status: 401, body: { code: 'invalid_refresh_token' } };

/** Replicas have the same time. */
function advance(seconds: number): void {
  for (const server of [first, second]) server.clock.advance(seconds);
}

/** A use of one refresh token by something that keeps no cookies. */
function use(server: TestApp, token: string): Promise<Answer> {
  return server.browser({ cookie: `refresh=${token}` }).post('/auth/refresh', {});
}

function setCookie(answer: Answer, name: string): string {
  const line = answer.setCookies.find((each) => each.startsWith(`${name}=`)) ?? '';
  return line.slice(name.length + 1, line.indexOf(';'));
}

async function eventsOf(browser: Browser): Promise<string[]> {
  return (await browser.get('/auth/events')).body.items.map(({ type }: { type: string }) => type);
}

describe('refreshing', () => {
  it('rotates: new cookies, the same session, and the newest token goes on', async () => {
    const { browser } = await signUp(first);
    const before = (await browser.get('/auth/me')).body.session;
    const [jwt, refresh] = [cookieOf(browser, 'jwt'), cookieOf(browser, 'refresh')];
    advance(60);
    const answer = await browser.post('/auth/refresh');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ expiresIn: 900 });
    expect(answer.setCookies).toEqual([
      expect.stringMatching(/^jwt=[\w.-]+; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^refresh=[\w.-]+; Path=\/auth; Max-Age=2592000; HttpOnly; SameSite=Strict$/),
    ]);
    expect(cookieOf(browser, 'jwt')).not.toBe(jwt);
    expect(cookieOf(browser, 'refresh')).not.toBe(refresh);
    expect((await browser.get('/auth/me')).body.session).toEqual(before);
    for (let i = 0; i < 3; i++) {
      advance(40);
      expect((await browser.post('/auth/refresh')).status).toBe(200);
    }
  });

  it('keeps only the SHA-256 of the token', async () => {
    const { browser, user } = await signUp(first);
    await browser.post('/auth/refresh', {});
    const token = cookieOf(browser, 'refresh');
    const [row] = await first.database.query<{ hash: Buffer; text: string }>(
      'SELECT refresh_hash AS hash, s::text AS text FROM sessions s WHERE user_id = $1 AND revoked_at IS NULL',
      [user.id],
    );
    expect(row?.hash).toEqual(createHash('sha256').update(token).digest());
    expect(row?.text).not.toContain(token.slice(-43));
  });

  it('leaves an access token that was given before valid until it expires', async () => {
    const { browser } = await signUp(first);
    const earlier = first.browser({ cookie: `jwt=${cookieOf(browser, 'jwt')}` });
    await browser.post('/auth/refresh', {});
    expect((await earlier.get('/auth/me')).status).toBe(200);
    advance(900);
    expect((await earlier.get('/auth/me')).status).toBe(401);
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    expect((await browser.get('/auth/me')).status).toBe(200);
  });

  it('gives the previous token the same successor for 30 s: two tabs, or an answer that was lost', async () => {
    const { browser } = await signUp(first);
    const token = cookieOf(browser, 'refresh');
    const one = await use(first, token);
    advance(28);
    const two = await use(second, token);
    expect(one.status).toBe(200);
    expect(two.status).toBe(200);
    expect(setCookie(two, 'refresh')).toBe(setCookie(one, 'refresh'));
    expect(setCookie(two, 'jwt')).not.toBe('');
    expect((await use(first, setCookie(two, 'refresh'))).status).toBe(200);
  });

  it('gives twenty uses at once over two replicas one successor, and signs nobody out', async () => {
    const { browser } = await signUp(first);
    const token = cookieOf(browser, 'refresh');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => use(i % 2 ? first : second, token)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const successors = new Set(answers.map((answer) => setCookie(answer, 'refresh')));
    expect(successors.size).toBe(1);
    for (const answer of answers) {
      const other = first.browser({ cookie: `jwt=${setCookie(answer, 'jwt')}` });
      expect((await other.get('/auth/me')).status).toBe(200);
    }
    expect((await use(second, [...successors][0] ?? '')).status).toBe(200);
    expect(await eventsOf(browser)).not.toContain('refresh_token_reused');
  });

  it('ends the session everywhere when the previous token is used after 30 s, and records it', async () => {
    const person = await signUp(first);
    const { browser } = person;
    const stolen = cookieOf(browser, 'refresh');
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    advance(31);
    const theft = await use(second, stolen);
    expect(theft).toMatchObject(INVALID);
    expect(theft.setCookies).toEqual([]);
    expect((await second.browser({ cookie: `jwt=${cookieOf(browser, 'jwt')}` }).get('/auth/me')).status).toBe(
      401,
    );
    const victim = await browser.post('/auth/refresh', {});
    expect(victim).toMatchObject(INVALID);
    // Not even here: what is gone is told, never cleared.
    expect(victim.setCookies).toEqual([]);

    const again = await login(first, person);
    const events = (await again.browser.get('/auth/events')).body.items;
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'refresh_token_reused', sessionId: decodeJwt(stolen)['sid'] }),
      ]),
    );
  });

  it('takes a token older than the previous one for stolen at once', async () => {
    const { browser } = await signUp(first);
    const stolen = cookieOf(browser, 'refresh');
    await browser.post('/auth/refresh', {});
    await browser.post('/auth/refresh', {});
    expect(await use(first, stolen)).toMatchObject(INVALID);
    expect(await browser.post('/auth/refresh', {})).toMatchObject(INVALID);
    expect((await browser.get('/auth/me')).status).toBe(401);
  });

  it('ends after 30 days without use, and lives on with it', async () => {
    const idle = await signUp(first);
    const busy = await signUp(first);
    advance(30 * DAY - 60);
    expect((await busy.browser.post('/auth/refresh', {})).status).toBe(200);
    advance(60);
    // Kept past its Max-Age by something that is no browser.
    expect(await use(first, cookieOf(idle.browser, 'refresh'))).toMatchObject(INVALID);
    advance(29 * DAY);
    expect((await busy.browser.post('/auth/refresh', {})).status).toBe(200);
  });

  it('ends after 90 days, however busy, and no token promises more', async () => {
    const { browser } = await signUp(first);
    const began = first.clock.epochSeconds();
    for (let day = 20; day < 90; day += 20) {
      advance(20 * DAY);
      expect((await browser.post('/auth/refresh', {})).status).toBe(200);
      expect(decodeJwt(cookieOf(browser, 'refresh')).exp).toBeLessThanOrEqual(began + 90 * DAY);
    }
    advance(10 * DAY - 300);
    const last = await browser.post('/auth/refresh', {});
    expect(last.body.expiresIn).toBeLessThanOrEqual(300);
    expect(decodeJwt(cookieOf(browser, 'jwt')).exp).toBeLessThanOrEqual(began + 90 * DAY);
    advance(300);
    expect((await browser.get('/auth/me')).status).toBe(401);
    expect(await browser.post('/auth/refresh', {})).toMatchObject(INVALID);
  });

  it('takes the token from the body and answers there, setting no cookie', async () => {
    const { browser } = await signUp(first);
    const refreshToken = cookieOf(browser, 'refresh');
    const client = first.browser();
    const answer = await client.post('/auth/refresh', { refreshToken });
    expect(answer.body).toEqual({
      expiresIn: 900,
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
    });
    expect(answer.setCookies).toEqual([]);
    const next = await client.post('/auth/refresh', {
      refreshToken: answer.body.refreshToken,
      tokens: 'body',
    });
    expect(next.status).toBe(200);
    const bearer = { authorization: `Bearer ${next.body.accessToken}` };
    expect((await client.get('/auth/me', { headers: bearer })).status).toBe(200);
  });

  it('answers 401 without a token, and 400 to what is none', async () => {
    expect(await first.browser().post('/auth/refresh')).toMatchObject(INVALID);
    expect(await first.browser().post('/auth/refresh', {})).toMatchObject(INVALID);
    for (const refreshToken of [null, 7, {}, ['x'], 'x'.repeat(1025)])
      expect(await first.browser().post('/auth/refresh', { refreshToken })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
  });

  it('stops with the sign-out, the suspension and the deletion of the account', async () => {
    const { browser } = await signUp(first);
    const token = cookieOf(browser, 'refresh');
    await browser.post('/auth/logout', {});
    expect(await use(second, token)).toMatchObject(INVALID);
    for (const column of ['suspended_at', 'deleted_at']) {
      const person = await signUp(first);
      // Behind the server's back, to see that the account itself is asked.
      await first.database.query(`UPDATE users SET ${column} = now() WHERE id = $1`, [person.user.id]);
      expect(await person.browser.post('/auth/refresh', {}), column).toMatchObject(INVALID);
    }
  });
});
