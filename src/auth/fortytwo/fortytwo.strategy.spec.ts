import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { PassportStrategy } from '@nestjs/passport';
import {
  type Fake42,
  type Fake42Fault,
  type Fake42Options,
  type ProfileFaultKind,
  startFake42,
  type TransportFaultKind,
} from '@sealgate/fake-42';
import passport from 'passport';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FortyTwoErrorCode } from './fortytwo.errors.js';
import {
  type FortyTwoAuthenticateOptions,
  type FortyTwoSignIn,
  FortyTwoStrategy,
  type FortyTwoStrategyOptions,
} from './fortytwo.strategy.js';

const callbackUrl = 'http://localhost:3000/auth/42/callback';
const clientSecret = 'the-client-secret';
const stateKey = createHash('sha256').update('a key for tests').digest();

async function startFake(options: Partial<Fake42Options> = {}): Promise<Fake42> {
  const client = { clientId: 'client-id', clientSecret, redirectUris: [callbackUrl] };
  const fake = await startFake42({ ...client, autoApprove: true, ...options });
  onTestFinished(() => fake.close());
  return fake;
}

function optionsFor(fake: Fake42, options: Partial<FortyTwoStrategyOptions> = {}): FortyTwoStrategyOptions {
  const { authorizeUrl, tokenUrl, profileUrl } = fake;
  const urls = { authorizeUrl, tokenUrl, profileUrl, callbackUrl };
  const cookie = { stateKey, cookieName: 'oauth', secureCookie: false };
  const effects = { burn: async () => true, now: Date.now };
  return { clientId: 'client-id', clientSecret, ...urls, ...cookie, ...effects, ...options };
}

function strategyFor(fake: Fake42, options: Partial<FortyTwoStrategyOptions> = {}): FortyTwoStrategy {
  return new FortyTwoStrategy(optionsFor(fake, options), (signIn, done) => done(null, signIn));
}

type Query = Record<string, unknown>;
type Outcome =
  | { kind: 'success'; user: FortyTwoSignIn }
  | { kind: 'redirect'; url: string }
  | { kind: 'error'; error: Error & { code?: string } }
  | { kind: 'fail'; challenge: unknown };

/** Keeps the one cookie, as a browser would, and calls the strategy as Passport does. */
class Browser {
  cookie: string | undefined;

  authenticate(
    strategy: FortyTwoStrategy,
    query: Query,
    options?: FortyTwoAuthenticateOptions,
  ): Promise<Outcome> {
    const appendSetCookie = (header: string) => {
      const pair = header.split(';')[0] ?? '';
      this.cookie = pair.endsWith('=') ? undefined : pair;
    };
    return new Promise((resolve) => {
      const attempt = Object.create(strategy) as FortyTwoStrategy;
      attempt.success = (user) => resolve({ kind: 'success', user: user as FortyTwoSignIn });
      attempt.redirect = (url) => resolve({ kind: 'redirect', url });
      attempt.error = (error) => resolve({ kind: 'error', error });
      attempt.fail = (challenge) => resolve({ kind: 'fail', challenge });
      attempt.authenticate({ query, headers: { cookie: this.cookie }, appendSetCookie }, options);
    });
  }

  /** From the sign-in button to 42 and back. @returns the query of the callback */
  async visit42(strategy: FortyTwoStrategy, returnTo?: string): Promise<Query> {
    const outcome = await this.authenticate(strategy, {}, { step: 'start', returnTo });
    if (outcome.kind !== 'redirect') throw new Error(`expected a redirect, got ${outcome.kind}`);
    const { headers } = await fetch(outcome.url, { redirect: 'manual' });
    return Object.fromEntries(new URL(headers.get('location') ?? '').searchParams);
  }

  async signIn(strategy: FortyTwoStrategy): Promise<Outcome> {
    return this.authenticate(strategy, await this.visit42(strategy), { step: 'callback' });
  }
}

const apiRequests = (fake: Fake42) => fake.requests.filter(({ path }) => path !== '/oauth/authorize');
const failed = (code: FortyTwoErrorCode) => ({ kind: 'error', error: expect.objectContaining({ code }) });

describe('a sign-in with 42', () => {
  it('ends with the profile, the way back and a transaction to burn, after two requests', async () => {
    const fake = await startFake();
    const strategy = strategyFor(fake, { now: () => 1_800_000_000_000 });
    const browser = new Browser();
    const outcome = await browser.authenticate(strategy, await browser.visit42(strategy, '/chats?x=1'));
    expect(outcome).toEqual({
      kind: 'success',
      user: {
        profile: {
          fortytwoId: 98214,
          login: 'amoreau',
          email: 'amoreau@student.42.example',
          displayName: 'Alix Moreau',
          avatarUrl: expect.stringMatching(/^https:\/\/cdn\.intra\.42\.fr\//),
        },
        jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
        expiresAt: new Date(1_800_000_600_000),
        purpose: { kind: 'sign-in' },
        returnTo: '/chats?x=1',
        secretValidUntil: expect.any(Date),
      },
    });
    expect(apiRequests(fake)).toEqual([
      { method: 'POST', path: '/oauth/token' },
      { method: 'GET', path: '/v2/me' },
    ]);
    expect(browser.cookie).toBeUndefined();
  });

  it('asks 42 with state, PKCE S256 and the least scope', async () => {
    const strategy = strategyFor(await startFake());
    const outcome = await new Browser().authenticate(strategy, {}, { step: 'start' });
    const { searchParams } = new URL(outcome.kind === 'redirect' ? outcome.url : '');
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client-id',
      redirect_uri: callbackUrl,
      scope: 'public',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('forgets a way back that leads to another site', async () => {
    const strategy = strategyFor(await startFake());
    const browser = new Browser();
    const query = await browser.visit42(strategy, '//evil.example/');
    expect(await browser.authenticate(strategy, query)).toMatchObject({
      kind: 'success',
      user: { returnTo: null },
    });
  });

  it('works without PKCE where that is switched off', async () => {
    const fake = await startFake();
    const browser = new Browser();
    const outcome = await browser.authenticate(strategyFor(fake, { pkce: false }), {}, { step: 'start' });
    expect(outcome).toMatchObject({ url: expect.not.stringContaining('code_challenge') });
    expect(await browser.signIn(strategyFor(fake, { pkce: false }))).toMatchObject({ kind: 'success' });
  });

  it('keeps people who sign in at the same time apart', async () => {
    const fake = await startFake();
    const strategy = strategyFor(fake);
    const logins = ['amoreau', 'cokafor', 'eyamada', 'nlindqvi'];
    const callbacks: { login: string; browser: Browser; query: Query }[] = [];
    for (const login of logins) {
      fake.approveAs(login);
      const browser = new Browser();
      callbacks.push({ login, browser, query: await browser.visit42(strategy) });
    }
    const outcomes = await Promise.all(
      callbacks.map(({ browser, query }) => browser.authenticate(strategy, query)),
    );
    expect(outcomes.map((outcome) => outcome.kind === 'success' && outcome.user.profile.login)).toEqual(
      logins,
    );
  });

  it('goes on under @nestjs/passport and Passport itself', async () => {
    const fake = await startFake();
    class NestStrategy extends PassportStrategy(FortyTwoStrategy, '42-under-test') {
      validate({ profile }: FortyTwoSignIn) {
        return { id: profile.fortytwoId };
      }
    }
    const strategy = new NestStrategy(optionsFor(fake));
    const browser = new Browser();
    const query = await browser.visit42(strategy);
    const user = await new Promise((resolve, reject) => {
      const done = (error: unknown, found: unknown) => (error ? reject(error) : resolve(found));
      const request = { query, headers: { cookie: browser.cookie }, appendSetCookie: () => undefined };
      const options = { session: false, step: 'callback' };
      passport.authenticate('42-under-test', options as object, done)(request, {}, reject);
    });
    expect(user).toEqual({ id: 98214 });
  });

  it('passes on what becomes of the account', async () => {
    const fake = await startFake();
    const refuse = new FortyTwoStrategy(optionsFor(fake), (_, done) => done(null, false, 'suspended'));
    expect(await new Browser().signIn(refuse)).toEqual({ kind: 'fail', challenge: 'suspended' });
    const error = new Error('the database is away');
    const stumble = new FortyTwoStrategy(optionsFor(fake), (_, done) => done(error));
    expect(await new Browser().signIn(stumble)).toEqual({ kind: 'error', error });
    const collapse = new FortyTwoStrategy(optionsFor(fake), () => {
      throw error;
    });
    expect(await new Browser().signIn(collapse)).toEqual({ kind: 'error', error });
  });
});

describe('a callback that was not asked for', () => {
  it.each<[string, FortyTwoErrorCode, (query: Query, browser: Browser) => Query]>([
    [
      'nothing at all, in another browser',
      'invalid_state',
      (_, browser) => ((browser.cookie = undefined), {}),
    ],
    ['nothing at all', 'invalid_state', () => ({})],
    ['a code without a state', 'invalid_state', ({ code }) => ({ code })],
    ['a code with another state', 'invalid_state', (query) => ({ ...query, state: 'other' })],
    ['a repeated state', 'invalid_state', (query) => ({ ...query, state: [query['state'], query['state']] })],
    ['a code in another browser', 'invalid_state', (query, browser) => ((browser.cookie = undefined), query)],
    ['a state without a code', 'provider_error', ({ state }) => ({ state })],
    ['an empty code', 'provider_error', (query) => ({ ...query, code: '' })],
    ['a repeated code', 'provider_error', (query) => ({ ...query, code: ['a', 'b'] })],
    ['an endless code', 'provider_error', (query) => ({ ...query, code: 'x'.repeat(1025) })],
  ])('%s is %s and asks 42 nothing', async (_, code, change) => {
    const fake = await startFake();
    const strategy = strategyFor(fake);
    const browser = new Browser();
    const query = change(await browser.visit42(strategy), browser);
    expect(await browser.authenticate(strategy, query, { step: 'callback' })).toEqual(failed(code));
    expect(apiRequests(fake)).toEqual([]);
  });

  it('is refused by 42 when replayed with a copy of the cookie, under the same jti', async () => {
    const fake = await startFake();
    const strategy = strategyFor(fake);
    const [browser, thief] = [new Browser(), new Browser()];
    const query = await browser.visit42(strategy);
    thief.cookie = browser.cookie;
    expect(await browser.authenticate(strategy, query)).toMatchObject({ kind: 'success' });
    expect(await browser.authenticate(strategy, query)).toEqual(failed('invalid_state'));
    expect(await thief.authenticate(strategy, query)).toEqual(failed('provider_error'));
  });

  it('counts once when it comes twice at the same time, before 42 hears of it', async () => {
    const fake = await startFake();
    const burnt = new Map<string, Date>();
    const burn = async (jti: string, expiresAt: Date) =>
      !burnt.has(jti) && Boolean(burnt.set(jti, expiresAt));
    const strategy = strategyFor(fake, { burn, now: () => 1_800_000_000_000 });
    const [browser, thief] = [new Browser(), new Browser()];
    const query = await browser.visit42(strategy);
    thief.cookie = browser.cookie;
    const outcomes = await Promise.all([browser, thief].map((each) => each.authenticate(strategy, query)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['error', 'success']);
    expect(outcomes).toContainEqual(failed('invalid_state'));
    expect(apiRequests(fake)).toHaveLength(2);
    expect([...burnt.values()]).toEqual([new Date(1_800_000_600_000)]);
  });

  it('is an error of its own where it cannot be burnt, and 42 is not asked', async () => {
    const fake = await startFake();
    const error = new Error('the database is away');
    const strategy = strategyFor(fake, { burn: () => Promise.reject(error) });
    expect(await new Browser().signIn(strategy)).toEqual({ kind: 'error', error });
    expect(apiRequests(fake)).toEqual([]);
  });

  it('does not end the sign-in that is under way', async () => {
    const strategy = strategyFor(await startFake());
    const browser = new Browser();
    const query = await browser.visit42(strategy);
    expect(await browser.authenticate(strategy, { error: 'access_denied' })).toEqual(failed('access_denied'));
    expect(await browser.authenticate(strategy, { error: 'x', state: 'y' })).toEqual(
      failed('provider_error'),
    );
    expect(await browser.authenticate(strategy, query)).toMatchObject({ kind: 'success' });
  });

  it('does not work at the route that starts', async () => {
    const fake = await startFake();
    const strategy = strategyFor(fake);
    const browser = new Browser();
    for (const query of [await browser.visit42(strategy), { error: 'access_denied' }]) {
      expect(await browser.authenticate(strategy, query, { step: 'start' })).toMatchObject({
        kind: 'redirect',
      });
    }
    expect(apiRequests(fake)).toEqual([]);
  });
});

describe('trouble at 42', () => {
  it.each([
    ['denied', 'access_denied'],
    ['server_error', 'provider_unavailable'],
    ['temporarily_unavailable', 'provider_unavailable'],
    ['unknown_error', 'provider_error'],
    ['wrong_state', 'invalid_state'],
    ['missing_state', 'invalid_state'],
  ] as const)('authorize: %s is %s', async (kind, code) => {
    const fake = await startFake();
    fake.misbehave({ endpoint: 'authorize', kind });
    const browser = new Browser();
    expect(await browser.signIn(strategyFor(fake))).toEqual(failed(code));
    expect(apiRequests(fake)).toEqual([]);
    expect(browser.cookie === undefined, 'the cookie is used up').toBe(!kind.endsWith('_state'));
  });

  const transport: Record<TransportFaultKind, FortyTwoErrorCode> = {
    hang: 'provider_unavailable',
    slow_headers: 'provider_unavailable',
    drip_body: 'provider_unavailable',
    reset: 'provider_unavailable',
    cut_short: 'provider_unavailable',
    rate_limited: 'provider_unavailable',
    internal_error: 'provider_unavailable',
    bad_gateway_html: 'provider_unavailable',
    html: 'provider_error',
    not_json: 'provider_error',
    empty_body: 'provider_error',
    redirect: 'provider_error',
    huge_body: 'provider_error',
  };
  const endsOnlyByDeadline: readonly string[] = ['hang', 'slow_headers', 'drip_body'];

  async function expectFault(fault: Fake42Fault, code: FortyTwoErrorCode): Promise<void> {
    const fake = await startFake();
    fake.misbehave(fault);
    const strategy = strategyFor(fake, endsOnlyByDeadline.includes(fault.kind) ? { timeoutMs: 250 } : {});
    const browser = new Browser();
    const query = await browser.visit42(strategy);
    const outcome = await browser.authenticate(strategy, query);
    expect(outcome).toEqual(failed(code));
    expect(apiRequests(fake)).toHaveLength(fault.endpoint === 'token' ? 1 : 2);
    const logged = inspect(outcome, { depth: 20 });
    for (const secret of [
      clientSecret,
      query['code'],
      query['state'],
      'amoreau',
      'not-json',
      'Oops',
      'Bearer',
    ]) {
      expect(logged).not.toContain(secret);
    }
  }

  it.each(Object.entries(transport) as [TransportFaultKind, FortyTwoErrorCode][])(
    'token: %s is %s',
    (kind, code) => expectFault({ endpoint: 'token', kind }, code),
  );

  it.each(['no_access_token', 'invalid_client', 'invalid_grant'] as const)(
    'token: %s is provider_error',
    (kind) => expectFault({ endpoint: 'token', kind }, 'provider_error'),
  );

  it.each(Object.entries(transport) as [TransportFaultKind, FortyTwoErrorCode][])(
    'me: %s is %s',
    (kind, code) => expectFault({ endpoint: 'me', kind }, code),
  );

  it.each([
    'unauthorized',
    'forbidden',
    'null_body',
    'empty_object',
    'array_body',
    'id_missing',
    'id_string',
    'id_zero',
    'id_negative',
    'id_fraction',
    'id_huge',
  ] as const)('me: %s is provider_error', (kind) => expectFault({ endpoint: 'me', kind }, 'provider_error'));

  it.each<[ProfileFaultKind, Partial<FortyTwoSignIn['profile']>]>([
    ['image_null', { avatarUrl: null }],
    ['image_missing', { avatarUrl: null }],
    ['image_link_null', { avatarUrl: null }],
    ['image_link_http', { avatarUrl: null }],
    ['email_null', { email: null }],
    ['email_missing', { email: null }],
    ['email_malformed', { email: null }],
    ['email_of_another', { email: 'cokafor@student.42.example' }],
    ['login_missing', { login: null }],
    ['login_odd', { login: null }],
    ['login_long', { login: null }],
    ['anonymised', { login: '3b3-17fa6', displayName: '3b3 3b3', avatarUrl: null }],
  ])('me: %s still signs in, as the same id', async (kind, profile) => {
    const fake = await startFake();
    fake.misbehave({ endpoint: 'me', kind });
    const outcome = await new Browser().signIn(strategyFor(fake));
    expect(outcome).toMatchObject({ kind: 'success', user: { profile: { fortytwoId: 98214, ...profile } } });
  });
});
