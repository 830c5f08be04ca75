import { createHash } from 'node:crypto';
import { decodeProtectedHeader, EncryptJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { type OAuthStateOptions, OAuthStateStore } from './oauth-state.store.js';

const stateKey = createHash('sha256').update('a key for tests').digest();
const START_MS = 1_800_000_000_000;

function createStore(options: Partial<OAuthStateOptions> = {}): OAuthStateStore {
  return new OAuthStateStore({
    stateKey,
    cookieName: 'oauth',
    secureCookie: false,
    now: () => START_MS,
    ...options,
  });
}

/** A request that remembers what it was told to set. */
function createRequest(cookie?: string) {
  const setCookies: string[] = [];
  return {
    headers: { cookie },
    setCookies,
    appendSetCookie: (header: string) => void setCookies.push(header),
  };
}

/** Begins a sign-in. @returns its state and the cookie as a browser sends it back */
async function begin(store: OAuthStateStore, returnTo: string | null = null) {
  const request = createRequest();
  const state = await store.begin(request, 'the-verifier', returnTo);
  const cookie = request.setCookies[0]?.split(';')[0] ?? '';
  return { state, cookie, setCookies: request.setCookies };
}

const invalidState = expect.objectContaining({ code: 'invalid_state' });

describe('OAuthStateStore', () => {
  it('has the arities by which passport-oauth2 hands over the PKCE verifier', () => {
    expect([createStore().store.length, createStore().verify.length]).toEqual([5, 4]);
  });

  it('gives back what it kept', async () => {
    const store = createStore();
    const { state, cookie } = await begin(store, '/chats');
    const request = createRequest(`other=1; ${cookie}; x_oauth=2`);
    expect(await store.consume(request, state)).toEqual({
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      expiresAt: new Date(START_MS + 600_000),
      returnTo: '/chats',
      codeVerifier: 'the-verifier',
      purpose: { kind: 'sign-in' },
    });
    expect(request.setCookies).toEqual(['oauth=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
  });

  it('gives every sign-in a state and a jti of its own, from 256 random bits', async () => {
    const store = createStore();
    const [a, b] = await Promise.all([begin(store), begin(store)]);
    expect(a.state).toMatch(/^[\w-]{43}$/);
    expect(a.state).not.toBe(b.state);
    const jtis = await Promise.all(
      [a, b].map(({ state, cookie }) => store.consume(createRequest(cookie), state)),
    );
    expect(jtis[0]?.jti).not.toBe(jtis[1]?.jti);
  });

  it('sets a cookie that scripts cannot read and that lasts 10 minutes', async () => {
    const plain = await begin(createStore());
    expect(plain.setCookies[0]).toMatch(/^oauth=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = await begin(createStore({ cookieName: '__Host-oauth', secureCookie: true }));
    expect(secure.setCookies[0]).toMatch(
      /^__Host-oauth=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it('shows nothing of the sign-in in the cookie, and fits into one', async () => {
    const { cookie, state } = await begin(createStore(), `/${'x'.repeat(511)}`);
    const token = cookie.slice('oauth='.length);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'dir', enc: 'A256GCM', typ: 'oauth-state+jwt' });
    const readable = token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join('');
    expect(readable).not.toContain('the-verifier');
    expect(readable).not.toContain(state);
    expect(cookie.length).toBeLessThan(2048);
  });

  it('refuses another state and leaves the cookie alone', async () => {
    const store = createStore();
    const { state, cookie } = await begin(store);
    const other = await begin(store);
    for (const wrong of [other.state, '', undefined, [state], { toString: () => state }, `${state} `]) {
      const request = createRequest(cookie);
      await expect(store.consume(request, wrong)).rejects.toEqual(invalidState);
      expect(request.setCookies).toEqual([]);
    }
    await expect(store.consume(createRequest(cookie), state)).resolves.toBeDefined();
  });

  it.each([
    ['none', () => undefined],
    ['an empty one', () => 'oauth='],
    ['one under another name', (cookie: string) => `x-${cookie}`],
    ['two', (cookie: string) => `${cookie}; ${cookie}`],
    ['garbage', () => 'oauth=a.b.c.d.e'],
    [
      'one with a flipped byte',
      (cookie: string) => `${cookie.slice(0, -2)}${cookie.endsWith('AA') ? 'BB' : 'AA'}`,
    ],
  ])('refuses the right state with a wrong cookie: %s', async (_, change) => {
    const store = createStore();
    const { state, cookie } = await begin(store);
    await expect(store.consume(createRequest(change(cookie)), state)).rejects.toEqual(invalidState);
  });

  it('refuses a cookie after 10 minutes', async () => {
    let now = START_MS;
    const store = createStore({ now: () => now });
    const { state, cookie } = await begin(store);
    now += 599_000;
    await expect(store.consume(createRequest(cookie), state)).resolves.toBeDefined();
    now += 1000;
    await expect(store.consume(createRequest(cookie), state)).rejects.toEqual(invalidState);
  });

  it("refuses another server's cookie", async () => {
    const { state, cookie } = await begin(
      createStore({ stateKey: createHash('sha256').update('theirs').digest() }),
    );
    await expect(createStore().consume(createRequest(cookie), state)).rejects.toEqual(invalidState);
  });

  it('refuses a token made directly with the secret, and one of another type', async () => {
    const store = createStore();
    // The store's own key, found the way only this test may: by asking the derivation again.
    const { hkdfSync } = await import('node:crypto');
    const derived = new Uint8Array(hkdfSync('sha256', stateKey, '', 'sealgate oauth-state v1', 32));
    const forge = async (key: Uint8Array, typ: string) => {
      const token = await new EncryptJWT({ state: 's', codeVerifier: null, returnTo: null })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ })
        .setJti('j')
        .setExpirationTime(START_MS / 1000 + 60)
        .encrypt(key);
      return createRequest(`oauth=${token}`);
    };
    await expect(store.consume(await forge(derived, 'oauth-state+jwt'), 's')).resolves.toBeDefined();
    await expect(store.consume(await forge(derived, 'rt+jwt'), 's')).rejects.toEqual(invalidState);
    await expect(store.consume(await forge(stateKey, 'oauth-state+jwt'), 's')).rejects.toEqual(invalidState);
  });

  it('closes the callback of passport-oauth2', () => {
    createStore().verify({}, 'state', {}, (error) => expect(error).toEqual(invalidState));
    expect.assertions(1);
  });

  it('needs 256 bits of key', () => {
    expect(() => createStore({ stateKey: new Uint8Array(31) })).toThrow(TypeError);
  });
});
