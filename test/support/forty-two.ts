import { startFake42, type Fake42 } from '@sealgate/fake-42';
import type { Answer, Browser } from './browser.js';
import { PUBLIC_URL } from './test-app.js';

/** A fake 42 and the environment that makes a server use it. */
export async function startFortyTwo(): Promise<{ fake: Fake42; environment: Record<string, string> }> {
  const credentials = { clientId: 'u-s4t2ud-test', clientSecret: 's-s4t2ud-test' };
  const fake = await startFake42({
    ...credentials,
    redirectUris: [`${PUBLIC_URL}/auth/42/callback`],
    autoApprove: true,
  });
  return {
    fake,
    environment: {
      FORTYTWO_CLIENT_ID: credentials.clientId,
      FORTYTWO_CLIENT_SECRET: credentials.clientSecret,
      FORTYTWO_AUTHORIZE_URL: fake.authorizeUrl,
      FORTYTWO_TOKEN_URL: fake.tokenUrl,
      FORTYTWO_PROFILE_URL: fake.profileUrl,
    },
  };
}

/** From the sign-in button to 42 and back with its callback URL, which is not opened yet. */
export async function goTo42(browser: Browser, query = ''): Promise<URL> {
  const start = await browser.get(`/auth/login${query}`);
  const authorize = start.headers.get('location');
  if (start.status !== 302 || authorize === null) throw new Error(`no redirect to 42: ${start.status}`);
  // 42 is another site: none of our cookies go there.
  const approved = await fetch(authorize, { redirect: 'manual' });
  return new URL(approved.headers.get('location') ?? '');
}

/** The whole round trip. */
export async function signInWith42(browser: Browser, query = ''): Promise<Answer> {
  const callback = await goTo42(browser, query);
  return browser.get(callback.pathname + callback.search);
}

/** The round trip of somebody who is signed in, up to its callback URL, which is not opened yet. */
export async function goTo42As(
  browser: Browser,
  kind: 'link' | 'reauthenticate',
  body: { returnTo?: string } = {},
): Promise<URL> {
  const begun = await browser.post(`/auth/42/${kind}`, body);
  if (begun.status !== 200) throw new Error(`no way to 42: ${begun.status} ${JSON.stringify(begun.body)}`);
  const approved = await fetch(begun.body.location, { redirect: 'manual' });
  return new URL(approved.headers.get('location') ?? '');
}

/** The whole round trip. @returns where it ended. */
export async function roundTripAs(...trip: Parameters<typeof goTo42As>): Promise<string | null> {
  const callback = await goTo42As(...trip);
  const answer = await trip[0].get(callback.pathname + callback.search);
  return answer.headers.get('location');
}
