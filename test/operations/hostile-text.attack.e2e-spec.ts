import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUsername, PASSWORD, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SOME_ID = '0190a3c0-0000-7000-8000-000000000000';
let server: TestApp;
let ada: Person;
beforeAll(async () => {
  server = await startTestApp({ SERVER_SIDE_CRYPTO: 'true' });
});
afterAll(() => server.close());

const PROOF = { password: PASSWORD, code: '123456' };

/** What every route with a body reads, right but for the one member that is tried. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'POST /auth/register': { username: 'some-body', email: 'some@example.org', password: PASSWORD },
  'POST /auth/login': { email: 'some@example.org', password: PASSWORD, tokens: 'body' },
  'POST /auth/refresh': { refreshToken: 'x', tokens: 'body' },
  'POST /auth/logout': { refreshToken: 'x' },
  'POST /auth/password': { currentPassword: PASSWORD, newPassword: 'walnut gravel ferry mosaic' },
  'POST /auth/password/forgot': { email: 'some@example.org' },
  'POST /auth/password/reset': { token: 'x', newPassword: 'walnut gravel ferry mosaic' },
  'POST /auth/email/verify': { token: 'x' },
  'POST /auth/reauthenticate': PROOF,
  'POST /auth/2fa/enable': { code: '123456', tokens: 'body' },
  'POST /auth/2fa/verify': { code: '123456', recoveryCode: 'AAAA-AAAA-AAAA-AAAA' },
  'POST /auth/2fa/disable': { code: '123456' },
  'POST /auth/2fa/recovery-codes': { code: '123456' },
  'POST /api/users': {
    username: 'some-body',
    email: 'some@example.org',
    displayName: 'x',
    password: PASSWORD,
  },
  'PUT /api/users/:id': { username: 'some-body', email: 'some@example.org', displayName: 'x', role: 'user' },
  'PATCH /api/users/me': { displayName: 'x', avatarUrl: null, email: 'some@example.org', ...PROOF },
  'DELETE /api/users/me': PROOF,
  'POST /api/crypto/generate-keys': { statement: { payload: 'x', signatures: [] } },
  'PUT /api/crypto/backup': { version: 0, backup: {} },
  'POST /api/crypto/encrypt': { id: SOME_ID, chatId: SOME_ID, plaintext: 'x', signingKey: {} },
  'POST /api/crypto/decrypt': { envelope: {}, privateKey: { kty: 'RSA', n: 'x', e: 'AQAB' } },
  'POST /api/chats': { memberIds: [SOME_ID], title: 'x' },
  'POST /api/messages/send': { id: SOME_ID, chatId: SOME_ID, envelope: {} },
};

/** Each has broken something somewhere: the library for addresses, PostgreSQL's text, its jsonb, a parser. */
const HOSTILE = [
  '\ud800',
  'x\udc00y',
  'x\ud800@example.org',
  'a\u0000b',
  '\u0000@example.org',
  '\ufffe',
  '\u202e',
];
const ENCODED = ['%00', 'a%00b', '%ED%A0%80', '%FF', '%', '%u0000', '%EF%BF%BE'];

const QUERIES = [
  'query',
  'limit',
  'cursor',
  'before',
  'after',
  'index',
  'size',
  'from',
  'to',
  'start',
  'end',
  'returnTo',
];

const fill = (url: string, id = SOME_ID): string => url.replaceAll(/:\w+/g, id);

describe('text that is none', () => {
  it('is a refusal and never a fault, in each member of each body', async () => {
    for (const [route, good] of Object.entries(BODIES)) {
      const [method = '', url = ''] = route.split(' ');
      expect(server.routes, route).toContainEqual({ method, url });
      // Somebody new: the last one may be signed out or out of tries by now.
      ada = await signUp(server);
      for (const name of Object.keys(good))
        for (const text of HOSTILE)
          for (const value of [text, [text], { [text]: text }]) {
            const body = { ...good, [name]: value };
            const answer = await ada.browser.send(method, fill(url, ada.user.id), { body });
            expect(answer.status, `${route} ${JSON.stringify(body)}`).toBeLessThan(500);
          }
    }
  }, 180_000);

  it('is a refusal and never a fault, in each path and in queries', async () => {
    ada = await signUp(server);
    const isTried = (hostile: string): boolean => ['%00', '%ED%A0%80', '%'].includes(hostile);
    const routes = server.routes.filter(({ method, url }) => method === 'GET' && url !== '/api/events');
    for (const { url } of routes)
      for (const hostile of ENCODED) {
        const paths = [
          ...(url.includes(':') ? [fill(url, hostile)] : []),
          ...(isTried(hostile) ? QUERIES.map((name) => `${fill(url)}?${name}=${hostile}`) : []),
        ];
        for (const path of paths) expect((await ada.browser.get(path)).status, path).toBeLessThan(500);
      }
  }, 180_000);

  it.each(['/auth/register', '/auth/login', '/auth/password/forgot'])(
    'is 400 as an address: %s',
    async (path) => {
      for (const email of [
        '\ud800',
        'x\udc00y',
        'x\ud800@example.org',
        '"a b"@example.org',
        'a@\u212aelvin.example',
      ])
        expect(
          await server.browser().post(path, {
            email,
            ...(path.endsWith('forgot') ? {} : { password: 'lantern gravel otter mosaic' }),
            ...(path.endsWith('register') ? { username: 'somebody-else' } : {}),
          }),
          JSON.stringify(email),
        ).toMatchObject({ status: 400 });
    },
  );

  it('is 400 as bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"email":"a'), Buffer.of(0xff), Buffer.from('@example.org"}')]);
    const response = await fetch(new URL('/auth/password/forgot', server.baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: bytes,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'malformed_request' });
  });
});

describe('a username', () => {
  it.each(['admin', 'root', 'system', 'sealgate', 'support', 'security', 'ad.min', '_root_', '...', '_-_'])(
    'is not %s for whoever registers',
    async (username) => {
      const body = { username, email: `${newUsername()}@example.org`, password: PASSWORD };
      expect(await server.browser().post('/auth/register', body)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ pointer: '/username' }] },
      });
    },
  );
});

describe('a picture', () => {
  it.each([
    'https://cdn.intra.42.fr/\u0000',
    'https://cdn.intra.42.fr/\ud800',
    'https://cdn.intra.42.fr/\u202egpj',
    'https://ada:secret@cdn.intra.42.fr/a.jpg',
    'https://cdn.intra.42.fr:8443/a.jpg',
    'https://cdn.intra.42.fr\\@evil.example/a.jpg',
    'https://cdn%2eintra.42.fr/a.jpg',
  ])('is not taken from %j', async (avatarUrl) => {
    const { browser } = await signUp(server);
    expect((await browser.patch('/api/users/me', { avatarUrl })).status).toBe(400);
    expect((await browser.get('/api/users/me')).body.avatarUrl).toBe(null);
  });

  it('is kept as the URL that a browser would ask for', async () => {
    const { browser } = await signUp(server);
    const answer = await browser.patch('/api/users/me', { avatarUrl: 'https://cdn.intra.42.fr/a/../b.jpg' });
    expect(answer).toMatchObject({ status: 200, body: { avatarUrl: 'https://cdn.intra.42.fr/b.jpg' } });
    expect((await browser.patch('/api/users/me', { avatarUrl: null })).body.avatarUrl).toBe(null);
  });
});

describe('a name', () => {
  it.each(['\u3164', '\u2800', 'a\u200bda', 'ada\u{e0061}', 'ada\u202e'])(
    'is not %j, of a person or of a group',
    async (name) => {
      const { browser } = await signUp(server);
      expect((await browser.patch('/api/users/me', { displayName: name })).status).toBe(400);
      const chat = { memberIds: [SOME_ID], title: name };
      expect(await browser.post('/api/chats', chat)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/title' }] },
      });
    },
  );

  it('may hold an emoji of several', async () => {
    const { browser } = await signUp(server);
    const displayName = 'Ada 👩🏽‍💻';
    expect((await browser.patch('/api/users/me', { displayName })).body.displayName).toBe(displayName);
  });
});
