import { decodeProtectedHeader, compactDecrypt, decodeJwt } from 'jose';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PeriodicJobs } from '../../src/database/periodic-jobs.js';
import { newUsername, PASSWORD, signUp } from '../support/people.js';
import { rawRequest } from '../support/raw-request.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { post, SealedClient } from './sealed-client.js';
import { flipBit, forge, refusals } from './sealed-forgeries.js';

let server: TestApp;
let client: SealedClient;
beforeAll(async () => {
  server = await startTestApp();
  client = await SealedClient.of(server);
});
afterAll(() => server.close());

interface Refused {
  status: number;
  headers: Headers;
  text: string;
}

/** The one refusal, byte for byte but for the request's id. */
function expectRefusal({ status, headers, text }: Refused, why = ''): void {
  expect(status, `${why}: ${text}`).toBe(400);
  expect(headers.get('content-type'), why).toBe('application/problem+json; charset=utf-8');
  const id = headers.get('x-request-id') ?? '';
  expect(text, why).toBe(
    `{"type":"urn:sealgate:problem:invalid_sealed_request","title":"The sealed request is not valid",` +
      `"status":400,"instance":"${id}","code":"invalid_sealed_request"}`,
  );
}

/** The names of headers, without those that change with time. */
const headerNames = (headers: Headers): string[] => [...headers.keys()].toSorted();

const account = (username = newUsername()) => ({
  username,
  email: `${username}@example.org`,
  password: PASSWORD,
});

describe('a sealed request that is not valid', () => {
  it('gets one answer, whatever is wrong with it', async () => {
    const good = await forge(client, { change: { body: account() } });
    expect((await post(server, 'POST', '/auth/register', good)).status).toBe(200);
    const all = { ...(await refusals(client)), 'a replay': good };
    const names = new Set<string>();
    for (const [why, jwe] of Object.entries(all)) {
      const answer = await post(server, 'POST', '/auth/register', jwe);
      expectRefusal(answer, why);
      names.add(headerNames(answer.headers).join());
    }
    expect(names.size).toBe(1);
  });

  it('is whatever bytes somebody sends', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 4096 }),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
      fc
        .array(fc.stringMatching(/^[A-Za-z0-9_-]{0,700}$/), { minLength: 3, maxLength: 7 })
        .map((parts) => new TextEncoder().encode(parts.join('.'))),
      fc.json().map((text) => new TextEncoder().encode(text)),
    );
    const places = fc.constantFrom<[string, string]>(
      ['POST', '/api/sealed'],
      ['POST', '/auth/login'],
      ['PUT', '/api/crypto/backup'],
      ['DELETE', '/auth/sessions'],
      ['PATCH', '/no/such/route'],
    );
    await fc.assert(
      fc.asyncProperty(anything, places, async (bytes, [method, path]) => {
        expectRefusal(await post(server, method, path, Uint8Array.from(bytes)), path);
      }),
      { numRuns: 120 },
    );
  });

  it('is a sealed one with whatever plaintext', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (content) => {
        expectRefusal(await post(server, 'POST', '/api/sealed', await forge(client, { content })), content);
      }),
      { numRuns: 40 },
    );
  });

  it('is a good one with any bit changed', async () => {
    const good = await forge(client, { change: { body: account() } });
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.nat(), async (part, bit) => {
        expectRefusal(await post(server, 'POST', '/auth/register', flipBit(good, part, bit)));
      }),
      { numRuns: 80 },
    );
    expect((await post(server, 'POST', '/auth/register', good)).status).toBe(200);
  });

  it.each(['HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY', 'FOO'])('is one for %s', async (method) => {
    expectRefusal(
      await post(
        server,
        'POST',
        '/api/sealed',
        await forge(client, { change: { method, path: '/healthz' } }),
      ),
    );
  });

  it('is one in a GET, which has no body that anybody reads', async () => {
    const jwe = await forge(client, { change: { method: 'GET', path: '/healthz' } });
    const lines = [
      'GET /healthz HTTP/1.1',
      'Content-Type: application/jose',
      `Content-Length: ${jwe.length}`,
    ];
    const answer = await rawRequest(server.baseUrl, lines, jwe);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('invalid_sealed_request');
  });

  it('is one from another time, to the second', async () => {
    const frozen = await startTestApp();
    try {
      const now = new Date(1_800_000_000_999);
      frozen.clock.now = () => now;
      const own = await SealedClient.of(frozen);
      const at = async (skew: number) =>
        post(
          frozen,
          'POST',
          '/api/sealed',
          (await own.seal('GET', '/healthz', { change: { iat: 1_800_000_000 + skew } })).jwe,
        );
      for (const skew of [-60, -1, 0, 60]) expect((await at(skew)).status, String(skew)).toBe(200);
      for (const skew of [-61, 61]) expectRefusal(await at(skew), String(skew));
    } finally {
      await frozen.close();
    }
  });
});

describe('a replay', () => {
  it('is refused on its route and on the open one, for as long as it would be fresh', async () => {
    const { jwe } = await client.seal('POST', '/auth/logout', { body: {} });
    expect((await post(server, 'POST', '/auth/logout', jwe)).status).toBe(200);
    for (const path of ['/auth/logout', '/api/sealed']) expectRefusal(await post(server, 'POST', path, jwe));
    server.clock.advance(55);
    expectRefusal(await post(server, 'POST', '/auth/logout', jwe));
    server.clock.advance(10);
    expectRefusal(await post(server, 'POST', '/auth/logout', jwe));
  });

  it('is refused under the same jti with another content', async () => {
    const { jti } = await client.seal('GET', '/healthz');
    const once = await client.seal('GET', '/healthz', { change: { jti } });
    expect((await post(server, 'POST', '/api/sealed', once.jwe)).status).toBe(200);
    const again = await client.seal('GET', '/readyz', { change: { jti } });
    expectRefusal(await post(server, 'POST', '/api/sealed', again.jwe));
  });

  it('gets in once of twenty at once, over two replicas', async () => {
    const twin = await startTestApp({}, server.database);
    try {
      for (let round = 0; round < 5; round++) {
        const { jwe } = await client.seal('POST', '/auth/register', { body: account() });
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, i) => post(i % 2 ? server : twin, 'POST', '/api/sealed', jwe)),
        );
        const letIn = answers.filter(({ status }) => status === 200);
        expect(letIn).toHaveLength(1);
        for (const answer of answers) if (answer.status !== 200) expectRefusal(answer);
      }
    } finally {
      await twin.close();
    }
  });

  it('stays refused while its jti is swept, and only old ones are', async () => {
    const { jwe } = await client.seal('GET', '/healthz');
    expect((await post(server, 'POST', '/api/sealed', jwe)).status).toBe(200);
    const jobs = server.app.get(PeriodicJobs);
    const left = async (): Promise<string[]> => {
      await jobs.run('sweep-sealed-request-ids');
      const found = await server.database.query<{ jti: string }>('SELECT jti FROM sealed_request_ids');
      return found.map(({ jti }) => jti);
    };
    server.clock.advance(59);
    expect((await left()).length).toBeGreaterThan(1);
    expectRefusal(await post(server, 'POST', '/api/sealed', jwe));
    server.clock.advance(3600);
    // What refused requests run into.
    expect(await left()).toEqual(['taken']);
    expectRefusal(await post(server, 'POST', '/api/sealed', jwe));
  });

  it('leaves no row where a request was refused', async () => {
    const count = async (): Promise<unknown> =>
      (await server.database.query('SELECT count(*) FROM sealed_request_ids'))[0];
    const before = await count();
    for (const jwe of Object.values(await refusals(client)))
      await post(server, 'POST', '/auth/register', jwe);
    expect(await count()).toEqual(before);
  });
});

describe('what stands outside a sealed request', () => {
  it('signs nobody in: neither a cookie nor a token', async () => {
    const [ada, bob] = [await signUp(server), await signUp(server)];
    const login = { email: bob.user.email, password: PASSWORD };
    const cookie = [...ada.browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const bearer = (await server.browser().post('/auth/login', { ...login, tokens: 'body' })).body
      .accessToken;
    const own = await SealedClient.of(server);
    for (const headers of [{ cookie }, { authorization: `Bearer ${bearer}` }]) {
      expect(await own.get('/auth/me', { headers })).toMatchObject({ status: 401 });
      expect(await own.post('/auth/refresh', {}, { headers, isOpenly: true })).toMatchObject({ status: 401 });
      expect(await own.post('/auth/logout', {}, { headers, isOpenly: true })).toMatchObject({ status: 204 });
    }
    expect((await ada.browser.get('/auth/me')).status).toBe(200);
    const inside = await own.get('/auth/me', { headers: { cookie }, accessToken: bearer });
    expect(inside).toMatchObject({ status: 200, body: { user: { id: bob.user.id } } });
    // The clients' `ask` sees to it that no answer sets a cookie.
    const signedIn = await own.post('/auth/login', login, { headers: { cookie }, isOpenly: true });
    expect(signedIn.body).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
    });
  });

  it('is refused before it is opened where another site sends it', async () => {
    const { jwe } = await client.seal('POST', '/auth/logout', { body: {} });
    const answer = await post(server, 'POST', '/auth/logout', jwe, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect((await post(server, 'POST', '/auth/logout', jwe)).status).toBe(200);
  });

  it('tells where it came from: behind a proxy nobody is the machine itself', async () => {
    expect((await client.get('/metrics')).status).toBe(200);
    const proxied = await client.get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(proxied).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('cannot make a plain request of one by its media type', async () => {
    const { browser } = await signUp(server);
    const own = await browser.send('POST', '/auth/logout', {
      body: '{}',
      headers: { 'content-type': 'application/jose' },
    });
    expect(own).toMatchObject({ status: 400, body: { code: 'invalid_sealed_request' } });
    expect((await browser.get('/auth/me')).status).toBe(200);
  });
});

describe('a sealed answer', () => {
  it('is bound to its request: signed by the server, with its jti, its hash and a nonce twice', async () => {
    const made = await client.seal('GET', '/healthz');
    const { text } = await post(server, 'POST', '/api/sealed', made.jwe);
    expect(decodeProtectedHeader(text)).toEqual({
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
      typ: 'sealed-res+jwe',
      cty: 'sealed-res+jws',
      kid: client.keys.jwk.kid,
    });
    const { plaintext } = await compactDecrypt(text, client.keys.privateKey);
    const jws = new TextDecoder().decode(plaintext);
    const [current] = client.serverKeys.signing.keys();
    const { nonce, ...header } = decodeProtectedHeader(jws) as Record<string, unknown>;
    expect(header).toEqual({ alg: 'ES256', kid: current, typ: 'sealed-res+jws' });
    expect(nonce).toMatch(/^[\w-]{43}$/);
    expect(decodeJwt(jws)).toEqual({
      v: 1,
      jti: made.jti,
      request: made.requestHash,
      nonce,
      status: 200,
      headers: expect.objectContaining({ 'content-type': 'application/json; charset=utf-8' }),
      body: { status: 'ok' },
    });
  });

  it('is believed by nobody else, and for no other request', async () => {
    const [one, two] = [await client.seal('GET', '/healthz'), await client.seal('GET', '/healthz')];
    const answer = await post(server, 'POST', '/api/sealed', one.jwe);
    await expect(client.open(two, answer.text)).rejects.toMatchObject({ reason: 'mismatched' });
    await expect(client.open({ ...one, jti: two.jti }, answer.text)).rejects.toMatchObject({
      reason: 'mismatched',
    });
    const eve = await SealedClient.of(server, 'eve');
    await expect(eve.open(one, answer.text)).rejects.toMatchObject({ reason: 'not-for-this-key' });
    expect((await client.open(one, answer.text)).status).toBe(200);
  });

  it('does not tell outside what it says inside', async () => {
    const own = await SealedClient.of(server);
    const shape = async (path: string) => {
      const { jwe } = await own.seal('GET', path);
      const { status, headers } = await post(server, 'POST', '/api/sealed', jwe);
      return { status, names: headerNames(headers) };
    };
    const [ok, missing, closed] = [await shape('/healthz'), await shape('/no/such'), await shape('/auth/me')];
    expect(missing).toEqual(ok);
    expect(closed).toEqual(ok);
  });
});
