import type { Fake42 } from '@sealgate/fake-42';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goTo42, signInWith42, startFortyTwo } from '../support/forty-two.js';
import { PUBLIC_URL, startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let fake: Fake42;
beforeAll(async () => {
  const fortyTwo = await startFortyTwo();
  fake = fortyTwo.fake;
  server = await startTestApp(fortyTwo.environment);
  fake.approveAs('traveller');
  const browser = server.browser();
  await signInWith42(browser);
  // From now on every sign-in of this person ends where returnTo says.
  await browser.post('/auth/2fa/skip', {});
});
afterAll(async () => {
  await server.close();
  await fake.close();
});

describe('leading somebody to another site after the sign-in', () => {
  it.each([
    'https://evil.example',
    'http://evil.example/home',
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/%09/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2f%2fevil.example',
    '/%5cevil.example',
    'evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/a\r\nLocation: https://evil.example',
    '/a%0d%0aset-cookie:%20jwt=x',
    'https:evil.example',
    'https:/evil.example',
    '@evil.example',
    '//localhost:3000@evil.example',
    'http://localhost:3000.evil.example',
    'http://localhost:3000@evil.example',
    '.evil.example',
    '//evil。example',
    '/\u2028/evil.example',
    '/\u0000/evil.example',
    '',
    'x'.repeat(3000),
  ])('does not follow %j', async (returnTo) => {
    const browser = server.browser();
    const answer = await signInWith42(browser, `?returnTo=${encodeURIComponent(returnTo)}`);
    expect(answer.status).toBe(302);
    const location = answer.headers.get('location') ?? '';
    expect(location).toMatch(/^\/(?![/\\])[!-[\]-~]*$/);
    expect(new URL(location, PUBLIC_URL).origin).toBe(PUBLIC_URL);
    expect(answer.setCookies.every((cookie) => /^(jwt|refresh|oauth)=/.test(cookie))).toBe(true);
  });

  it('follows a path of this site', async () => {
    const answer = await signInWith42(server.browser(), '?returnTo=/settings%3Ftab=2%23top');
    expect(answer.headers.get('location')).toBe('/settings?tab=2#top');
  });

  it('takes the target from where the sign-in began, not from the callback', async () => {
    const browser = server.browser();
    const callback = await goTo42(browser, '?returnTo=/settings');
    const answer = await browser.get(`${callback.pathname}${callback.search}&returnTo=https://evil.example`);
    expect(answer.headers.get('location')).toBe('/settings');
  });

  it('sends the redirect URI of PUBLIC_URL to 42, whatever the Host header says', async () => {
    for (const headers of [
      { 'x-forwarded-host': 'evil.example' },
      { forwarded: 'host=evil.example' },
      { 'x-forwarded-proto': 'https' },
    ] as Record<string, string>[]) {
      const answer = await server.browser(headers).get('/auth/login');
      const { searchParams } = new URL(answer.headers.get('location') ?? '');
      expect(searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/auth/42/callback`);
    }
  });

  it('names only a fixed reason on the sign-in page, never what the callback said', async () => {
    const browser = server.browser();
    const callback = await goTo42(browser);
    const state = callback.searchParams.get('state') ?? '';
    const error = encodeURIComponent('<script>alert(1)</script>&next=https://evil.example');
    const answer = await browser.get(
      `/auth/42/callback?error=${error}&error_description=${error}&state=${state}`,
    );
    expect(answer.headers.get('location')).toBe('/sign-in?error=provider_error');
  });
});
