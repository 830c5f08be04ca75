import { afterAll, beforeAll, expect, it } from 'vitest';
import { PasswordHasher } from '../../src/users/passwords/password-hasher.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ BCRYPT_COST: '8' });
});
afterAll(() => server.close());

it('keeps everything else responsive while sign-ins queue, and refuses what is over the bound', async () => {
  const hasher = server.app.get(PasswordHasher);
  const flood: Promise<unknown>[] = [];
  const fill = (): void => {
    // Every one in a lane of its own, as from a botnet: no lane is long enough to make room.
    while (hasher.waiting < 256)
      flood.push(hasher.verify('wrong password', null, `lane-${flood.length}`).catch(() => null));
  };
  fill();
  const refill = setInterval(fill, 1);

  // One that slips into a free place waits for the whole queue before it; the others are told at once.
  const signIns = Array.from({ length: 20 }, async (_, i) => {
    const body = { email: `nobody-${i}@example.org`, password: 'wrong password' };
    return server.browser().post('/auth/login', body);
  });
  const refused = await Promise.any(signIns);
  expect(refused).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
  expect(refused.headers.get('retry-after')).toBe('5');

  const times: number[] = [];
  while (times.length < 15) {
    const began = performance.now();
    expect((await server.browser().get('/readyz')).status).toBe(200);
    times.push(performance.now() - began);
  }
  expect(hasher.waiting).toBeGreaterThan(100);
  expect(times.toSorted((a, b) => a - b)[times.length >> 1]).toBeLessThan(100);

  clearInterval(refill);
  await Promise.all([...flood, ...signIns]);
  const body = { email: 'nobody@example.org', password: 'wrong password' };
  expect((await server.browser().post('/auth/login', body)).status).toBe(401);
}, 60_000);
