import type { Fake42 } from '@sealgate/fake-42';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { goTo42, signInWith42, startFortyTwo } from '../support/forty-two.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let fake: Fake42;
beforeAll(async () => {
  const fortyTwo = await startFortyTwo();
  fake = fortyTwo.fake;
  server = await startTestApp(fortyTwo.environment);
});
afterAll(async () => {
  await server.close();
  await fake.close();
});

const UNAVAILABLE = '/sign-in?error=provider_unavailable';

function tokenRequests(): number {
  return fake.requests.filter(({ path }) => path === '/oauth/token').length;
}

async function metric(name: string): Promise<number> {
  const { body } = await server.browser().get('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
}

function location(answer: Answer): string | null {
  return answer.headers.get('location');
}

describe('an outage of 42', () => {
  it('is noticed after five faults: then 42 is not asked, the answer is at once, and one probe ends it', async () => {
    const waiting = server.browser();
    const callback = await goTo42(waiting);
    fake.misbehave({ endpoint: 'token', kind: 'internal_error' });
    for (let i = 0; i < 5; i++) expect(location(await signInWith42(server.browser()))).toBe(UNAVAILABLE);
    expect(await metric('sealgate_fortytwo_circuit_open')).toBe(1);
    const asked = tokenRequests();
    expect(location(await server.browser().get('/auth/login'))).toBe(UNAVAILABLE);
    expect(location(await waiting.get(callback.pathname + callback.search))).toBe(UNAVAILABLE);
    expect(tokenRequests()).toBe(asked);
    server.clock.advance(30);
    fake.misbehave(null);
    // The same callback: while 42 was not asked, neither the state nor the code was spent.
    expect(location(await waiting.get(callback.pathname + callback.search))).toBe('/first-login');
    expect(await metric('sealgate_fortytwo_circuit_open')).toBe(0);
    expect(location(await signInWith42(server.browser()))).toBe('/first-login');
  });
});

describe('a sign-in', () => {
  it('asks 42 twice', async () => {
    const before = fake.requests.length;
    await signInWith42(server.browser());
    const paths = fake.requests.slice(before).map(({ path }) => path);
    // The first is the browser's.
    expect(paths).toEqual(['/oauth/authorize', '/oauth/token', '/v2/me']);
  });

  it('tells when the application’s secret runs out', async () => {
    await signInWith42(server.browser());
    const validUntil = await metric('sealgate_fortytwo_secret_valid_until_seconds');
    expect(Math.abs(validUntil - Date.now() / 1000 - 60 * 24 * 3600)).toBeLessThan(60);
  });
});
