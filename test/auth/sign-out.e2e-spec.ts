import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { login, register, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';
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

const AGENTS = {
  chrome:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  safari:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
};

/** "Within one second" (api.md §2). */
async function endsEverywhere(jwt: string): Promise<void> {
  for (const server of [first, second])
    await until(1_000, async () => (await me(server, jwt)).status === 401);
}

function me(server: TestApp, jwt: string): Promise<Answer> {
  return server.browser({ cookie: `jwt=${jwt}` }).get('/auth/me');
}

function expectCleared(answer: Answer): void {
  expect(answer).toMatchObject({ status: 204, body: null });
  expect(answer.setCookies).toEqual([
    'jwt=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    'refresh=; Path=/auth; Max-Age=0; HttpOnly; SameSite=Strict',
  ]);
}

describe('signing out', () => {
  it('ends the session at once on every replica and clears the cookies', async () => {
    const { browser } = await signUp(first);
    const [jwt, refresh] = [cookieOf(browser, 'jwt'), cookieOf(browser, 'refresh')];
    expect((await me(second, jwt)).status).toBe(200);
    expectCleared(await browser.post('/auth/logout'));
    expect([...browser.cookies.keys()]).toEqual([]);
    // Here without any delay: this replica did it.
    expect((await me(first, jwt)).status).toBe(401);
    await endsEverywhere(jwt);
    expect((await first.browser({ cookie: `refresh=${refresh}` }).post('/auth/refresh', {})).status).toBe(
      401,
    );
  });

  it('works with a pending session, an expired token, a missing one and nonsense', async () => {
    const pending = await register(first);
    const jwt = cookieOf(pending.browser, 'jwt');
    expectCleared(await pending.browser.post('/auth/logout', {}));
    await endsEverywhere(jwt);
    expectCleared(await first.browser().post('/auth/logout'));
    expectCleared(await first.browser().post('/auth/logout', {}));
    expectCleared(await first.browser({ cookie: 'jwt=nonsense; refresh=x.y.z' }).post('/auth/logout', {}));
    expectCleared(await first.browser({ authorization: 'Bearer x' }).post('/auth/logout', {}));
  });

  it('ends the session of an expired access token, so that its refresh token is dead', async () => {
    const { browser } = await signUp(first);
    const refresh = cookieOf(browser, 'refresh');
    for (const server of [first, second]) server.clock.advance(901);
    expect((await browser.get('/auth/me')).status).toBe(401);
    // As after Max-Age: the browser has only sent the one cookie.
    expectCleared(
      await first.browser({ cookie: `jwt=${cookieOf(browser, 'jwt')}` }).post('/auth/logout', {}),
    );
    expect((await second.browser({ cookie: `refresh=${refresh}` }).post('/auth/refresh', {})).status).toBe(
      401,
    );
  });

  it('ends the session with the refresh token alone, from the cookie or from the body', async () => {
    for (const inBody of [true, false]) {
      const { browser } = await signUp(first);
      const [jwt, refreshToken] = [cookieOf(browser, 'jwt'), cookieOf(browser, 'refresh')];
      const client = first.browser(inBody ? {} : { cookie: `refresh=${refreshToken}` });
      expectCleared(await client.post('/auth/logout', inBody ? { refreshToken } : {}));
      await endsEverywhere(jwt);
    }
  });

  it('is recorded once, and twice is fine', async () => {
    const person = await signUp(first);
    const twin = person.browser.clone();
    expectCleared(await person.browser.post('/auth/logout', {}));
    expectCleared(await twin.post('/auth/logout', {}));
    const { browser } = await login(first, person);
    const events = (await browser.get('/auth/events')).body.items;
    expect(events.filter(({ type }: { type: string }) => type === 'signed_out')).toHaveLength(1);
  });
});

describe('the list of devices', () => {
  it('shows each device by a readable name, the newest first, and which one asks', async () => {
    const person = await signUp(first, { headers: { 'user-agent': AGENTS.chrome } });
    const phone = await login(second, person, { 'user-agent': AGENTS.safari });
    const script = await login(first, person, { 'user-agent': 'curl/8.5.0' });
    await person.browser.get('/auth/me');
    const answer = await phone.browser.get('/auth/sessions');
    expect(answer.status).toBe(200);
    expect(answer.body.nextCursor).toBeNull();
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const shared = {
      id: expect.any(String),
      createdAt: time,
      lastSeenAt: time,
      ip: '127.0.0.1',
      method: 'password',
    };
    expect(answer.body.items).toEqual([
      { ...shared, current: false, device: 'curl' },
      { ...shared, current: true, device: 'Safari on iOS' },
      { ...shared, current: false, device: 'Chrome on Windows' },
    ]);
    expect(JSON.stringify(answer.body)).not.toContain('Mozilla');
    expect((await script.browser.get('/auth/me')).body.session.id).toBe(answer.body.items[0].id);
  });

  it('lists no pending, ended or outlived session, and nobody else’s', async () => {
    const person = await signUp(first);
    await signUp(first);
    const gone = await login(first, person);
    await gone.browser.post('/auth/logout', {});
    const { user, password } = await register(first);
    const pending = await login(first, { user, password });
    expect((await person.browser.get('/auth/sessions')).body.items).toHaveLength(1);
    await pending.browser.post('/auth/2fa/skip', {});
    expect((await pending.browser.get('/auth/sessions')).body.items).toHaveLength(1);
  });

  it('pages without repeating or skipping, and refuses cursors and limits that are none', async () => {
    const person = await signUp(first);
    for (let i = 0; i < 4; i++) await login(first, person);
    const all = (await person.browser.get('/auth/sessions')).body.items;
    const seen = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = (await person.browser.get(`/auth/sessions?limit=2${query}`)).body;
      seen.push(...page.items);
      cursor = page.nextCursor;
      await login(first, person);
    } while (cursor !== null);
    expect(seen).toEqual(all);
    const cursorOf = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
    const wrong = [
      'limit=0',
      'limit=101',
      'limit=1.5',
      'limit=x',
      'limit=',
      'limit=1&limit=2',
      'page=2',
      'cursor=x',
      'cursor=',
      `cursor=${cursorOf(['x'])}`,
      `cursor=${cursorOf(["' OR true"])}`,
      `cursor=${cursorOf(['a\u0000'])}`,
      `cursor=${cursorOf([1])}`,
      `cursor=${cursorOf([null])}`,
      `cursor=${cursorOf({})}`,
      `cursor=${'x'.repeat(600)}`,
    ];
    for (const path of ['/auth/sessions', '/auth/events'])
      for (const query of wrong)
        expect((await person.browser.get(`${path}?${query}`)).status, `${path}?${query}`).toBe(400);
  });

  it('signs one device out at once, on every replica', async () => {
    const person = await signUp(first);
    const phone = await login(second, person);
    const jwt = cookieOf(phone.browser, 'jwt');
    const id = (await phone.browser.get('/auth/me')).body.session.id;
    expect((await person.browser.delete(`/auth/sessions/${id.toUpperCase()}`)).status).toBe(204);
    await endsEverywhere(jwt);
    expect((await phone.browser.post('/auth/refresh', {})).status).toBe(401);
    expect((await person.browser.get('/auth/me')).status).toBe(200);
    expect(await person.browser.delete(`/auth/sessions/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it('signs all others out, pending ones too, and leaves the own and other people', async () => {
    const person = await signUp(first);
    const neighbour = await signUp(first);
    const others = await Promise.all([login(first, person), login(second, person)]);
    expect((await person.browser.delete('/auth/sessions')).status).toBe(204);
    for (const { browser } of others) await endsEverywhere(cookieOf(browser, 'jwt'));
    expect((await person.browser.get('/auth/sessions')).body.items).toHaveLength(1);
    expect((await person.browser.get('/auth/me')).status).toBe(200);
    expect((await neighbour.browser.get('/auth/me')).status).toBe(200);
    expect((await person.browser.get('/auth/events')).body.items[0]).toMatchObject({
      type: 'sessions_revoked',
      details: { count: 2 },
    });
  });

  it('answers the same 404 for another person’s session, an unknown one and an id that is none', async () => {
    const [mallory, alice] = [await signUp(first), await signUp(first)];
    const { id } = (await alice.browser.get('/auth/me')).body.session;
    const bodies = [];
    for (const path of [id, '0190a3c0-0000-7000-8000-000000000000', 'x', '1', '%00', "'%20OR%201=1"]) {
      const answer = await mallory.browser.delete(`/auth/sessions/${path}`);
      expect(answer.status, path).toBe(404);
      const { instance: _, ...body } = answer.body;
      bodies.push(JSON.stringify(body));
    }
    expect(new Set(bodies).size).toBe(1);
    expect((await alice.browser.get('/auth/me')).status).toBe(200);
  });
});
