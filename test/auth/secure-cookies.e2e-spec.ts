import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFortyTwo } from '../support/forty-two.js';
import { login, signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { cookieOf } from './tokens.js';

const ORIGIN = 'https://gate.example.org';

let server: TestApp;
let close42: () => Promise<void>;
beforeAll(async () => {
  const { fake, environment } = await startFortyTwo();
  close42 = () => fake.close();
  server = await startTestApp({ ...environment, PUBLIC_URL: ORIGIN });
});
afterAll(async () => {
  await server.close();
  await close42();
});

describe('cookies under an https address', () => {
  it('are __Host-jwt and __Secure-refresh, with exactly the attributes of the contract', async () => {
    const person = await signUp(server);
    const { answer } = await login(server, person);
    expect(answer.setCookies).toEqual([
      expect.stringMatching(/^__Host-jwt=[\w.-]+; Path=\/; Max-Age=900; HttpOnly; Secure; SameSite=Lax$/),
      expect.stringMatching(
        /^__Secure-refresh=[\w.-]+; Path=\/auth; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict$/,
      ),
    ]);
  });

  it('bind a 42 sign-in with __Host-oauth', async () => {
    const answer = await server.browser().get('/auth/login');
    expect(answer.status).toBe(302);
    const [cookie = '', ...others] = answer.setCookies;
    expect(others).toEqual([]);
    const [pair = '', ...attributes] = cookie.split('; ');
    expect(pair).toMatch(/^__Host-oauth=[\w.-]+$/);
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  it('are read back, rotated and cleared by their names', async () => {
    const { browser } = await signUp(server);
    expect([...browser.cookies.keys()]).toEqual(['__Host-jwt', '__Secure-refresh']);
    expect((await browser.get('/auth/me')).status).toBe(200);
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    const out = await browser.post('/auth/logout', {});
    expect(out.setCookies).toEqual([
      '__Host-jwt=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax',
      '__Secure-refresh=; Path=/auth; Max-Age=0; HttpOnly; Secure; SameSite=Strict',
    ]);
    expect([...browser.cookies.keys()]).toEqual([]);
  });

  it('are not taken under their names without a prefix, which any sibling domain can set', async () => {
    const { browser } = await signUp(server);
    const jwt = cookieOf(browser, '__Host-jwt');
    const refresh = cookieOf(browser, '__Secure-refresh');
    for (const name of ['jwt', '__Secure-jwt', '__host-jwt', '__Host-JWT'])
      expect((await server.browser({ cookie: `${name}=${jwt}` }).get('/auth/me')).status, name).toBe(401);
    for (const name of ['refresh', '__Host-refresh', '__secure-refresh'])
      expect(
        (await server.browser({ cookie: `${name}=${refresh}` }).post('/auth/refresh', {})).status,
        name,
      ).toBe(401);
    expect((await server.browser({ cookie: `jwt=x; __Host-jwt=${jwt}` }).get('/auth/me')).status).toBe(200);
  });

  it('come with HSTS, and writes only from the https origin', async () => {
    const { browser } = await signUp(server);
    const answer = await browser.get('/auth/me');
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
    expect((await browser.post('/auth/refresh', {}, { origin: ORIGIN })).status).toBe(200);
    for (const origin of ['http://gate.example.org', 'https://example.org', 'http://localhost:3000'])
      expect((await browser.post('/auth/refresh', {}, { origin })).status, origin).toBe(403);
  });
});
