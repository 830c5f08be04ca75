import type { Fake42, Fake42Fault } from '@sealgate/fake-42';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goTo42, signInWith42, startFortyTwo } from '../support/forty-two.js';
import { codeFor, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let fake: Fake42;
beforeAll(async () => {
  const fortyTwo = await startFortyTwo();
  fake = fortyTwo.fake;
  server = await startTestApp(fortyTwo.environment);
});
afterEach(() => fake.misbehave(null));
afterAll(async () => {
  await server.close();
  await fake.close();
});

describe('signing in with 42', () => {
  it('redirects to 42 with a state bound to the browser and PKCE S256', async () => {
    const answer = await server.browser().get('/auth/login');
    expect(answer.status).toBe(302);
    const { origin, pathname, searchParams } = new URL(answer.headers.get('location') ?? '');
    expect(origin + pathname).toBe(fake.authorizeUrl);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{20,}$/),
      redirect_uri: 'http://localhost:3000/auth/42/callback',
    });
    expect(answer.setCookies).toEqual([
      expect.stringMatching(/^oauth=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
  });

  it('makes an account at the first sign-in, with a pending session, and finds it at the next', async () => {
    fake.approveAs('nstudent');
    const browser = server.browser();
    const answer = await signInWith42(browser);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/first-login');
    const me = (await browser.get('/auth/me')).body;
    expect(me).toMatchObject({
      user: { username: 'nstudent', emailVerified: false },
      session: { tfa: false, amr: ['42'] },
    });
    expect([...browser.cookies.keys()]).toEqual(['jwt']);
    await browser.post('/auth/2fa/skip', {});

    const again = server.browser();
    expect((await signInWith42(again)).headers.get('location')).toBe('/home');
    expect((await again.get('/auth/me')).body.user.id).toBe(me.user.id);
  });

  it('asks for the code where 2FA is on', async () => {
    fake.approveAs('careful');
    const browser = server.browser();
    await signInWith42(browser);
    const { secret } = (await browser.post('/auth/2fa/generate', {})).body;
    await browser.post('/auth/2fa/enable', { code: codeFor(server, secret) });
    server.clock.advance(30);

    const again = server.browser();
    expect((await signInWith42(again)).headers.get('location')).toBe('/2fa');
    expect((await again.get('/api/users/me')).body.code).toBe('second_factor_required');
    expect((await again.post('/auth/2fa/verify', { code: codeFor(server, secret) })).status).toBe(200);
    expect((await again.get('/auth/me')).body.session).toMatchObject({
      tfa: true,
      amr: ['42', 'otp', 'mfa'],
    });
  });

  it('keeps the account when the login and e-mail at 42 change', async () => {
    fake.approveAs('renamed');
    const browser = server.browser();
    await signInWith42(browser);
    const { id } = (await browser.get('/auth/me')).body.user;
    fake.updateUser('renamed', { login: '3b3-renamed', email: 'anon@student.42.fr' });
    fake.approveAs('3b3-renamed');
    const again = server.browser();
    await signInWith42(again);
    expect((await again.get('/auth/me')).body.user).toMatchObject({ id, username: 'renamed' });
  });

  it('goes back to where the person wanted to go', async () => {
    fake.approveAs('traveller');
    const browser = server.browser();
    const first = await signInWith42(browser, '?returnTo=/home/chats%3Fa=1');
    expect(first.headers.get('location')).toBe('/first-login?returnTo=%2Fhome%2Fchats%3Fa%3D1');
    await browser.post('/auth/2fa/skip', {});
    expect((await signInWith42(server.browser(), '?returnTo=/settings')).headers.get('location')).toBe(
      '/settings',
    );
  });

  it('never opens another account by its e-mail', async () => {
    const { user } = await signUp(server, { username: 'victim', email: 'victim@student.42.example' });
    fake.approveAs('victim');
    const browser = server.browser();
    await signInWith42(browser);
    const me = (await browser.get('/auth/me')).body.user;
    expect(me.id).not.toBe(user.id);
    expect(me.email).toBeNull();
    expect(me.username).toMatch(/^victim-\d{5}$/);
  });

  it('lets ten first sign-ins of one person at once end in one account', async () => {
    fake.approveAs('impatient');
    const browsers = Array.from({ length: 10 }, () => server.browser());
    const answers = await Promise.all(browsers.map((browser) => signInWith42(browser)));
    expect(answers.map((answer) => answer.headers.get('location'))).toEqual(Array(10).fill('/first-login'));
    const ids = await Promise.all(
      browsers.map(async (browser) => (await browser.get('/auth/me')).body.user.id),
    );
    expect(new Set(ids).size).toBe(1);
  });
});

describe('trouble with 42', () => {
  const at = (endpoint: string, kind: string) => ({ endpoint, kind }) as Fake42Fault;
  const faults: [fault: Fake42Fault, error: string][] = [
    [at('authorize', 'denied'), 'access_denied'],
    [at('authorize', 'server_error'), 'provider_unavailable'],
    [at('authorize', 'temporarily_unavailable'), 'provider_unavailable'],
    [at('authorize', 'unknown_error'), 'provider_error'],
    [at('authorize', 'wrong_state'), 'invalid_state'],
    [at('authorize', 'missing_state'), 'invalid_state'],
    ...['token', 'me'].flatMap((endpoint): [Fake42Fault, string][] => [
      [at(endpoint, 'rate_limited'), 'provider_unavailable'],
      [at(endpoint, 'internal_error'), 'provider_unavailable'],
      [at(endpoint, 'bad_gateway_html'), 'provider_unavailable'],
      [at(endpoint, 'reset'), 'provider_unavailable'],
      [at(endpoint, 'html'), 'provider_error'],
      [at(endpoint, 'not_json'), 'provider_error'],
      [at(endpoint, 'empty_body'), 'provider_error'],
      [at(endpoint, 'redirect'), 'provider_error'],
      [at(endpoint, 'huge_body'), 'provider_error'],
    ]),
    [at('token', 'no_access_token'), 'provider_error'],
    [at('token', 'invalid_client'), 'provider_error'],
    [at('token', 'invalid_grant'), 'provider_error'],
    [at('me', 'unauthorized'), 'provider_error'],
    ...[
      'null_body',
      'empty_object',
      'array_body',
      'id_missing',
      'id_string',
      'id_zero',
      'id_negative',
      'id_huge',
    ].map((kind): [Fake42Fault, string] => [at('me', kind), 'provider_error']),
  ];
  it.each(faults)('%j ends on the sign-in page with %s', async (fault, error) => {
    fake.misbehave(fault);
    const browser = server.browser();
    const answer = await signInWith42(browser);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`/sign-in?error=${error}`);
    expect(browser.cookies.has('jwt')).toBe(false);
    expect((await browser.get('/healthz')).status).toBe(200);
  });

  it.each([
    'image_null',
    'image_missing',
    'email_null',
    'email_malformed',
    'login_missing',
    'login_odd',
    'login_long',
  ])('a profile with %s signs in all the same', async (kind) => {
    fake.approveAs(kind.replaceAll('_', '-'));
    fake.misbehave(at('me', kind));
    expect((await signInWith42(server.browser())).headers.get('location')).toBe('/first-login');
  });

  it('refuses a callback without its cookie, of another browser, and played twice', async () => {
    fake.approveAs('replayer');
    const browser = server.browser();
    const callback = await goTo42(browser);
    const path = callback.pathname + callback.search;
    const refused = '/sign-in?error=invalid_state';
    expect((await server.browser().get(path)).headers.get('location')).toBe(refused);
    const other = server.browser();
    await goTo42(other);
    expect((await other.get(path)).headers.get('location')).toBe(refused);

    const thief = browser.clone();
    expect((await browser.get(path)).headers.get('location')).toBe('/first-login');
    expect((await browser.get(path)).headers.get('location')).toBe(refused);
    // With a copied cookie the code is spent at 42 and the state is spent here.
    expect((await thief.get(path)).headers.get('location')).toMatch(/^\/sign-in\?error=/);
    expect(thief.cookies.has('jwt')).toBe(false);
  });

  it('ends in one session when the same callback is opened twice at once', async () => {
    fake.approveAs('double');
    const browser = server.browser();
    const callback = await goTo42(browser);
    const twin = browser.clone();
    const path = callback.pathname + callback.search;
    const answers = await Promise.all([browser.get(path), twin.get(path)]);
    const signedIn = answers.filter((answer) => answer.headers.get('location') === '/first-login');
    expect(signedIn).toHaveLength(1);
  });
});
