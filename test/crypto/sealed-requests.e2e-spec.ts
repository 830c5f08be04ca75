import { generateSync } from 'otplib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOGGER, type Logger } from '../../src/common/logging.js';
import { createDocument } from '../../src/open-api/create-document.js';
import { registerKeys, seal } from '../support/keys.js';
import { newUsername, PASSWORD, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { post, SealedClient } from './sealed-client.js';

let server: TestApp;
let client: SealedClient;
beforeAll(async () => {
  server = await startTestApp();
  client = await SealedClient.of(server);
});
afterAll(() => server.close());

const account = (username = newUsername()) => ({
  username,
  email: `${username}@example.org`,
  password: PASSWORD,
});

/** A client of somebody new, with a settled session. */
async function signedUp(
  at: TestApp = server,
): Promise<{ client: SealedClient; refreshToken: string; body: ReturnType<typeof account> }> {
  const own = await SealedClient.of(at);
  const body = account();
  own.accessToken = (await own.post('/auth/register', body)).body.accessToken;
  const settled = await own.post('/auth/2fa/skip');
  own.accessToken = settled.body.accessToken;
  return { client: own, refreshToken: settled.body.refreshToken, body };
}

describe('a life in sealed requests', () => {
  it.each([true, false])(
    'registers, sets up the second step and signs in again (openly: %s)',
    async (isOpenly) => {
      const own = await SealedClient.of(server);
      const body = account();
      const registered = await own.post('/auth/register', body, { isOpenly });
      expect(registered).toMatchObject({
        status: 201,
        body: { next: 'first-login', user: { username: body.username } },
      });
      expect(registered.body.refreshToken).toBeUndefined();
      own.accessToken = registered.body.accessToken;

      const { secret } = (await own.post('/auth/2fa/generate', {}, { isOpenly })).body;
      const code = () => generateSync({ strategy: 'totp', secret, epoch: server.clock.epochSeconds() });
      const enabled = await own.post('/auth/2fa/enable', { code: code() }, { isOpenly });
      expect(enabled).toMatchObject({
        status: 200,
        body: { next: 'home', refreshToken: expect.any(String) },
      });

      server.clock.advance(31);
      const login = await own.post('/auth/login', { email: body.email, password: PASSWORD }, { isOpenly });
      expect(login).toMatchObject({ status: 200, body: { next: '2fa' } });
      own.accessToken = login.body.accessToken;
      expect(await own.get('/auth/sessions')).toMatchObject({
        status: 401,
        body: { code: 'second_factor_required' },
      });
      const verified = await own.post('/auth/2fa/verify', { code: code() }, { isOpenly });
      expect(verified.status).toBe(200);
      own.accessToken = verified.body.accessToken;
      expect(await own.get('/auth/me')).toMatchObject({ status: 200, body: { session: { tfa: true } } });
    },
  );

  it('keeps a session for weeks with the refresh token from inside', async () => {
    const { client: own, refreshToken } = await signedUp();
    let token = refreshToken;
    for (let week = 0; week < 3; week++) {
      server.clock.advance(7 * 24 * 3600);
      expect((await own.get('/auth/me')).status).toBe(401);
      const refreshed = await own.post('/auth/refresh', { refreshToken: token });
      expect(refreshed).toMatchObject({ status: 200, body: { expiresIn: 900 } });
      expect(refreshed.body.refreshToken).not.toBe(token);
      token = refreshed.body.refreshToken;
      own.accessToken = refreshed.body.accessToken;
      expect((await own.get('/auth/me')).status).toBe(200);
    }
    const left = await own.post('/auth/logout', { refreshToken: token });
    expect(left).toMatchObject({ status: 204, body: null });
    expect(await own.post('/auth/refresh', { refreshToken: token })).toMatchObject({
      status: 401,
      body: { code: 'invalid_refresh_token' },
    });
  });

  it('sends and reads messages', async () => {
    const [ada, bob] = [await registerKeys(await signUp(server)), await registerKeys(await signUp(server))];
    const sealed = await SealedClient.of(server);
    const signIn = await sealed.post('/auth/login', { email: ada.user.email, password: PASSWORD });
    sealed.accessToken = signIn.body.accessToken;
    const chat = await sealed.post('/api/chats', { memberIds: [bob.user.id] }, { isOpenly: true });
    expect(chat.status).toBe(201);
    const message = await seal(ada, chat.body.id, [ada, bob]);
    const sent = await sealed.post('/api/messages/send', { ...message } as never, { isOpenly: true });
    expect(sent).toMatchObject({ status: 201, body: { id: message.id, seq: 1 } });
    const history = await sealed.get(`/api/messages/history/${chat.body.id}?limit=10`);
    const plainly = await ada.browser.get(`/api/messages/history/${chat.body.id}?limit=10`);
    expect(history.body).toEqual(plainly.body);
    expect(history.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(await sealed.ask('DELETE', `/api/messages/${message.id}`, { isOpenly: true })).toMatchObject({
      status: 204,
      body: null,
    });
    expect(await sealed.ask('PATCH', '/auth/me', { body: {} })).toMatchObject({ status: 404 });
  });
});

describe('a sealed answer', () => {
  it('holds errors, with the id of the request that carried it', async () => {
    const made = await client.seal('POST', '/auth/register', { body: { username: 'A' } });
    const answer = await post(server, 'POST', '/auth/register', made.jwe);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { status, headers, body } = await client.open(made, answer.text);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'validation_failed' });
    expect(headers).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': answer.headers.get('x-request-id'),
    });
    expect(body.instance).toBe(answer.headers.get('x-request-id'));
  });

  it.each([
    ['GET', '/no/such/route', 404, 'not_found'],
    ['GET', '/auth/me', 401, 'unauthenticated'],
    ['GET', '/api/users/%', 400, 'malformed_request'],
    ['GET', '/auth/events?limit=1&limit=2', 400, 'malformed_request'],
    ['PUT', '/api/sealed', 404, 'not_found'],
  ])('holds %s %s: %i %s', async (method, path, status, code) => {
    expect(await client.ask(method, path)).toMatchObject({ status, body: { code } });
  });

  it('holds a fault of the server, too, and nothing about it', async () => {
    const broken = await startTestApp();
    try {
      const own = await signedUp(broken);
      await broken.database.query('ALTER TABLE users RENAME TO elsewhere');
      const fault = await own.client.get('/auth/me');
      expect(fault).toMatchObject({ status: 500, body: { code: 'internal_error' } });
      expect(JSON.stringify(fault.body)).not.toMatch(/users|relation|SELECT/);
      await broken.database.query('ALTER TABLE sealed_request_ids RENAME TO lost');
      // Not let in, as nobody knows whether it came before; not refused either.
      const { jwe } = await own.client.seal('GET', '/healthz');
      expect((await post(broken, 'POST', '/api/sealed', jwe)).status).toBe(500);
    } finally {
      await broken.close();
    }
  });

  it('of an unknown route is sealed there, too', async () => {
    expect(await client.post('/no/such/route', {}, { isOpenly: true })).toMatchObject({ status: 404 });
  });

  it('holds text as it is', async () => {
    const plain = await server.browser().get('/api/log/key');
    expect(await client.get('/api/log/key')).toMatchObject({ status: 200, body: plain.body });
  });

  it.each([
    ['GET', '/auth/login'],
    ['GET', '/auth/42/callback?code=a&state=b'],
    ['GET', '/api/events'],
    ['POST', '/api/sealed'],
  ])('says that %s %s cannot be sealed', async (method, path) => {
    const { client: own } = await signedUp();
    expect(await own.ask(method, path)).toMatchObject({ status: 400, body: { code: 'not_sealable' } });
  });

  it('carries a body of 256 KiB, and no more', async () => {
    const big = (bytes: number) => ({
      email: 'x',
      password: 'y'.repeat(bytes - '{"email":"x","password":""}'.length),
    });
    expect((await client.post('/auth/login', big(256 * 1024), { isOpenly: true })).status).toBe(400);
    expect(await client.post('/auth/login', big(256 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
    const flood = await post(server, 'POST', '/auth/login', 'e'.repeat(400_000));
    expect(flood.status).toBe(413);
    expect(JSON.parse(flood.text).code).toBe('payload_too_large');
  });

  it('is what only application/jose gets', async () => {
    const { jwe } = await client.seal('GET', '/auth/me');
    for (const type of ['text/plain', 'application/jwt', 'application/jose+json', 'nonsense'])
      expect((await post(server, 'POST', '/api/sealed', jwe, { 'content-type': type })).status, type).toBe(
        415,
      );
    const json = await server.browser().post('/api/sealed', { jwe });
    expect(json).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type', detail: 'Send application/jose.' },
    });
    const upper = await client.get('/auth/me', { headers: { 'content-type': 'Application/JOSE' } });
    expect(upper.status).toBe(401);
  });
});

describe('what a sealed request carries', () => {
  it('comes from where the carrier came from', async () => {
    const { client: own, body } = await signedUp();
    const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36';
    const signIn = await own.post(
      '/auth/login',
      { email: body.email, password: PASSWORD },
      { headers: { 'user-agent': agent } },
    );
    own.accessToken = signIn.body.accessToken;
    const current = (await own.get('/auth/sessions')).body.items.find(
      (item: { current: boolean }) => item.current,
    );
    expect(current).toMatchObject({ device: 'Chrome on Windows', ip: '127.0.0.1' });
  });

  it('is logged by its route and never by its content', async () => {
    const quiet = await startTestApp();
    const lines = captureLog(quiet);
    try {
      const { client: own, refreshToken, body } = await signedUp(quiet);
      const me = await own.get('/auth/me', { headers: { authorization: 'Bearer outer-marker' } });
      expect(me.status).toBe(200);
      await post(quiet, 'POST', '/api/sealed', 'garbage-marker');
      await own.get('/api/users?query=query-marker');
      const text = lines.join('');
      for (const secret of [body.username, body.email, PASSWORD, refreshToken, own.accessToken ?? '-'])
        expect(text).not.toContain(secret);
      expect(text).not.toMatch(/marker|eyJ/);
      const entries = lines.map((line) => JSON.parse(line));
      expect(entries).toContainEqual(
        expect.objectContaining({ method: 'POST', route: '/auth/register', status: 201, sealed: true }),
      );
      expect(entries).toContainEqual(
        expect.objectContaining({ method: 'GET', route: '/auth/me', status: 200, sealed: true }),
      );
      // One line for each request, and one where nothing was dispatched.
      const carriers = entries.filter(({ route }) => route === '/api/sealed');
      expect(carriers).toEqual([expect.objectContaining({ status: 400 })]);
    } finally {
      await quiet.close();
    }
  });

  it('is counted by outcome, and once as a request', async () => {
    const before = await metrics();
    await client.get('/healthz');
    await post(server, 'POST', '/api/sealed', 'garbage');
    const after = await metrics();
    const grown = (line: string): number => (after.get(line) ?? 0) - (before.get(line) ?? 0);
    expect(grown('sealgate_sealed_requests_total{outcome="dispatched"}')).toBe(1);
    expect(grown('sealgate_sealed_requests_total{outcome="malformed"}')).toBe(1);
    expect(grown('http_request_duration_seconds_count{method="GET",route="/healthz",status="200"}')).toBe(1);
    expect(grown('http_request_duration_seconds_count{method="POST",route="/api/sealed",status="200"}')).toBe(
      0,
    );
    expect(grown('http_request_duration_seconds_count{method="POST",route="/api/sealed",status="400"}')).toBe(
      1,
    );
  });
});

describe('the OpenAPI document', () => {
  it('says how to seal, and what cannot be sealed', () => {
    const document = createDocument(server.app, []);
    expect(document.info.description).toContain('`application/jose`');
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(
      expect.arrayContaining(['SealedRequest', 'SealedAnswer']),
    );
    const { requestBody, responses } = document.paths['/api/sealed']?.post ?? {};
    expect(requestBody).toMatchObject({ content: { 'application/jose': {} } });
    expect(responses).toMatchObject({ 200: { content: { 'application/jose': {} } } });
    const unsealable = Object.entries(document.paths).filter(([, { get, post: write }]) =>
      [get, write].some((operation) => operation !== undefined && 'x-sealable' in operation),
    );
    expect(unsealable.map(([path]) => path)).toEqual(
      expect.arrayContaining(['/api/events', '/api/sealed', '/auth/42/callback', '/auth/login']),
    );
    expect(unsealable.length).toBeLessThan(Object.keys(document.paths).length / 4);
  });
});

describe('limits', () => {
  it('count what is sealed and what is not together, by the address of the carrier', async () => {
    const strict = await startTestApp({ RATE_LIMIT_FACTOR: '0.02', TRUSTED_PROXIES: '127.0.0.1' });
    try {
      const own = await SealedClient.of(strict);
      const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip } });
      const tried = await strict.browser(from('192.0.2.1').headers).post('/auth/register', account());
      expect(tried.status).toBe(201);
      expect((await own.post('/auth/register', account(), from('192.0.2.1'))).status).toBe(201);
      const refused = await own.post('/auth/register', account(), from('192.0.2.1'));
      expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(refused.headers).toMatchObject({
        'retry-after': expect.stringMatching(/^\d+$/),
        ratelimit: expect.stringContaining('"register-ip"'),
        'ratelimit-policy': expect.stringContaining('"register-ip"'),
      });
      expect((await own.post('/auth/register', account(), from('192.0.2.2'))).status).toBe(201);
    } finally {
      await strict.close();
    }
  });
});

describe('a server that stops', () => {
  it('answers what was sealed and accepted', async () => {
    const draining = await startTestApp();
    const own = await SealedClient.of(draining);
    const { jwe, ...made } = await own.seal('POST', '/auth/register', { body: account() });
    const arrived = new Promise<void>((resolve) =>
      draining.app.getHttpServer().once('request', () => resolve()),
    );
    const answered = post(draining, 'POST', '/api/sealed', jwe);
    await arrived;
    const closed = draining.close();
    expect((await own.open(made, (await answered).text)).status).toBe(201);
    await closed;
  });
});

async function metrics(): Promise<Map<string, number>> {
  const text = String((await server.browser().get('/metrics')).body);
  return new Map(
    text
      .split('\n')
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** Everything that the server logs from now on, at its most talkative. */
function captureLog({ app }: TestApp): string[] {
  const lines: string[] = [];
  const logger = app.get<Logger>(LOGGER);
  Object.assign(logger, { [pino.symbols.streamSym]: { write: (line: string) => lines.push(line) } });
  logger.level = 'trace';
  return lines;
}
