import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Fake42Fault, ProfileFaultKind } from './faults.js';
import type { Fake42 } from './options.js';
import { exchange, getWith, obtainCode, obtainToken, startFake } from './sign-in.fixture.js';

type Call = (init?: RequestInit) => Promise<Response>;

/** A sound request to the endpoint, ready to be sent. */
async function callOf(fake: Fake42, endpoint: 'token' | 'me'): Promise<Call> {
  if (endpoint === 'token') {
    const code = await obtainCode(fake);
    return (init) => exchange(fake, code, {}, init);
  }
  const token = await obtainToken(fake);
  return (init) => getWith(fake.profileUrl, token, init);
}

async function faulty(fault: Extract<Fake42Fault, { endpoint: 'token' | 'me' }>): Promise<Call> {
  const fake = await startFake();
  const call = await callOf(fake, fault.endpoint);
  fake.misbehave(fault);
  return call;
}

describe.each(['token', 'me'] as const)('%s transport faults', (endpoint) => {
  it.each([
    ['rate_limited', 429, 'text/plain; charset=utf-8', /Spam Rate Limit/],
    ['internal_error', 500, 'application/json; charset=utf-8', /Internal Server Error/],
    ['bad_gateway_html', 502, 'text/html; charset=utf-8', /<h1>/],
    ['html', 200, 'text/html; charset=utf-8', /<h1>/],
    ['not_json', 200, 'application/json', /^access_token=not-json/],
    ['empty_body', 200, 'application/json', /^$/],
  ] as const)('%s answers %d %s', async (kind, status, type, body) => {
    const response = await (await faulty({ endpoint, kind }))();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toMatch(body);
    expect(response.headers.get('retry-after')).toBe(kind === 'rate_limited' ? '1' : null);
  });

  it('redirect leads elsewhere', async () => {
    const response = await (await faulty({ endpoint, kind: 'redirect' }))();
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/redirected');
  });

  it('reset breaks the connection', async () => {
    await expect((await faulty({ endpoint, kind: 'reset' }))()).rejects.toMatchObject({
      cause: { code: 'ECONNRESET' },
    });
  });

  it('cut_short ends amid the body', async () => {
    const response = await (await faulty({ endpoint, kind: 'cut_short' }))();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('drip_body begins an answer that never ends', async () => {
    const response = await (await faulty({ endpoint, kind: 'drip_body' }))();
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    const second = await reader?.read();
    expect([first?.done, second?.done]).toEqual([false, false]);
    await reader?.cancel();
  });

  it('huge_body is a sound answer with 50 MB of padding', async () => {
    const response = await (await faulty({ endpoint, kind: 'huge_body' }))();
    const text = await response.text();
    expect(text.length).toBeGreaterThan(50 * 1024 * 1024);
    expect(JSON.parse(text)).toHaveProperty(endpoint === 'token' ? 'access_token' : 'login');
  });

  it('huge_body survives a reader that leaves', async () => {
    const fake = await startFake();
    const call = await callOf(fake, endpoint);
    fake.misbehave({ endpoint, kind: 'huge_body' }, { once: true });
    await (await call()).body?.cancel();
    expect((await fetch(fake.profileUrl)).status).toBe(401);
  });

  it('hang gives no answer until the server closes, which it does at once', async () => {
    const fake = await startFake();
    const call = await callOf(fake, endpoint);
    fake.misbehave({ endpoint, kind: 'hang' });
    const before = fake.requests.length;
    const pending = call();
    const outcome = expect(pending).rejects.toThrow('fetch failed');
    await expect.poll(() => fake.requests.length).toBe(before + 1);
    await fake.close();
    await outcome;
  });

  it('slow_headers begins headers that never end', async () => {
    const fake = await startFake();
    fake.misbehave({ endpoint, kind: 'slow_headers' });
    const url = endpoint === 'token' ? fake.tokenUrl : fake.profileUrl;
    const sent = httpRequest(url, { method: endpoint === 'token' ? 'POST' : 'GET' });
    let hasAnswered = false;
    sent.on('response', () => (hasAnswered = true)).on('error', () => undefined);
    sent.end();
    const socket = await new Promise<import('node:net').Socket>((resolve) => sent.once('socket', resolve));
    await expect.poll(() => socket.bytesRead).toBeGreaterThan(60);
    expect(hasAnswered).toBe(false);
    sent.destroy();
  });
});

describe('token faults', () => {
  it.each(['invalid_client', 'invalid_grant'] as const)('%s answers 401', async (kind) => {
    const response = await (await faulty({ endpoint: 'token', kind }))();
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: kind });
  });

  it('no_access_token leaves the token out', async () => {
    const response = await (await faulty({ endpoint: 'token', kind: 'no_access_token' }))();
    expect(response.status).toBe(200);
    const body = await response.json();
    expect(body).toHaveProperty('token_type');
    expect(body).not.toHaveProperty('access_token');
  });
});

describe('me faults', () => {
  it.each([
    ['unauthorized', 401],
    ['forbidden', 403],
  ] as const)('%s answers %d', async (kind, status) => {
    expect((await (await faulty({ endpoint: 'me', kind }))()).status).toBe(status);
  });

  const bodies: Record<ProfileFaultKind, unknown> = {
    null_body: null,
    empty_object: {},
    array_body: [],
    id_missing: expect.not.objectContaining({ id: expect.anything() }),
    id_string: expect.objectContaining({ id: '98214' }),
    id_zero: expect.objectContaining({ id: 0 }),
    id_negative: expect.objectContaining({ id: -42 }),
    id_fraction: expect.objectContaining({ id: 42.5 }),
    id_huge: expect.objectContaining({ id: 9007199254740992 }),
    image_null: expect.objectContaining({ id: 98214, image: null }),
    image_missing: expect.not.objectContaining({ image: expect.anything() }),
    image_link_null: expect.objectContaining({ image: { link: null, versions: {} } }),
    image_link_http: expect.objectContaining({
      image: { link: expect.stringMatching(/^http:/), versions: {} },
    }),
    email_null: expect.objectContaining({ id: 98214, email: null }),
    email_missing: expect.not.objectContaining({ email: expect.anything() }),
    email_malformed: expect.objectContaining({ email: 'not an address <@>' }),
    email_of_another: expect.objectContaining({ login: 'amoreau', email: 'cokafor@student.42.example' }),
    login_missing: expect.not.objectContaining({ login: expect.anything() }),
    login_odd: expect.objectContaining({ login: '<b>ad\u202Emin</b>/../\u0000' }),
    login_long: expect.objectContaining({ login: 'x'.repeat(200) }),
    anonymised: expect.objectContaining({ id: 98214, login: '3b3-17fa6', displayname: '3b3 3b3' }),
  };

  it.each(Object.entries(bodies))('%s answers 200 with that body', async (kind, body) => {
    const response = await (await faulty({ endpoint: 'me', kind: kind as ProfileFaultKind }))();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(body);
  });
});

describe('misbehave', () => {
  it('lasts until cleared, or for one request', async () => {
    const fake = await startFake();
    const token = await obtainToken(fake);
    const status = async () => (await getWith(fake.profileUrl, token)).status;
    fake.misbehave({ endpoint: 'me', kind: 'forbidden' });
    expect([await status(), await status()]).toEqual([403, 403]);
    fake.misbehave(null);
    expect(await status()).toBe(200);
    fake.misbehave({ endpoint: 'me', kind: 'internal_error' }, { once: true });
    expect([await status(), await status()]).toEqual([500, 200]);
  });

  it('keeps one fault an endpoint', async () => {
    const fake = await startFake();
    const [code, token] = [await obtainCode(fake), await obtainToken(fake)];
    fake.misbehave({ endpoint: 'token', kind: 'internal_error' });
    fake.misbehave({ endpoint: 'me', kind: 'unauthorized' });
    fake.misbehave({ endpoint: 'me', kind: 'forbidden' });
    expect((await exchange(fake, code)).status).toBe(500);
    expect((await getWith(fake.profileUrl, token)).status).toBe(403);
  });
});
