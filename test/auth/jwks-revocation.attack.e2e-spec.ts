import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring/key-ring.service.js';
import { NotificationBus } from '../../src/database/notification-bus.js';
import type { Browser } from '../support/browser.js';
import { startDeafeningProxy, type DeafeningProxy } from '../support/deafening-proxy.js';
import { signUp } from '../support/people.js';
import { keyRows, keys, publishedLongAgo } from '../support/server-keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';
import { cookieOf, forge, present, serverKey } from './tokens.js';

let here: TestApp;
let there: TestApp;
let proxy: DeafeningProxy;
beforeAll(async () => {
  here = await startTestApp();
  proxy = await startDeafeningProxy(here.database.url);
  there = await startTestApp({}, { ...here.database, url: proxy.url });
});
afterAll(async () => {
  await there.close();
  await proxy.close();
  await here.close();
});

const kidOf = (browser: Browser): string => decodeProtectedHeader(cookieOf(browser, 'jwt')).kid ?? '';
const statuses = async (token: string): Promise<number[]> =>
  (await Promise.all([here, there].map((server) => present(server, token))))
    .flat()
    .map(({ status }) => status);
const publishedBy = async (server: TestApp, path = '/.well-known/jwks.json'): Promise<string[]> =>
  (await server.browser().get(path)).body.keys.map(({ kid }: { kid: string }) => kid);

describe('a revoked key', () => {
  it('is refused on every replica within a second, also in tokens that were seen before; sessions stay', async () => {
    const { browser } = await signUp(here);
    const token = cookieOf(browser, 'jwt');
    const kid = kidOf(browser);
    expect(await statuses(token)).toEqual([200, 200, 200, 200]);

    expect(await keys(here.database, ['revoke', kid])).toMatchObject({
      status: 0,
      output: expect.stringMatching(`${kid} is revoked\n.*: (?!${kid}).* is active`),
    });
    await until(1_000, async () => (await statuses(token)).every((status) => status === 401));
    for (const server of [here, there]) {
      expect(await publishedBy(server)).not.toContain(kid);
      expect(await present(server, token)).toMatchObject([
        { status: 401, body: { code: 'unauthenticated' } },
        { status: 401, body: { code: 'unauthenticated' } },
      ]);
    }
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    expect(kidOf(browser)).not.toBe(kid);
    expect(await statuses(cookieOf(browser, 'jwt'))).toEqual([200, 200, 200, 200]);
  });

  it('cannot sign any more, even in the hands of whoever stole it', async () => {
    const { browser } = await signUp(here);
    const stolen = serverKey(here);
    await keys(here.database, ['revoke', stolen.kid]);
    const forged = await forge(cookieOf(browser, 'jwt'), { payload: { sid: undefined } }, stolen.privateKey);
    const copied = await forge(cookieOf(browser, 'jwt'), {}, stolen.privateKey);
    for (const token of [forged, copied])
      await until(1_000, async () => (await statuses(token)).every((status) => status === 401));
    const [row] = await here.database.query<{ length: number }>(
      'SELECT octet_length(private_key) AS length FROM server_keys WHERE kid = $1',
      [stolen.kid],
    );
    expect(row?.length).toBe(0);
  });

  it('may be the waiting one, a retired one, or one that was revoked before', async () => {
    await publishedLongAgo(here.database);
    const ring = here.app.get(KeyRing);
    const [active, next] = ring.published('access-token').map(({ kid }) => kid);
    expect((await keys(here.database, ['revoke', next ?? ''])).status).toBe(0);
    await until(1_000, async () => !(await publishedBy(there)).includes(next ?? ''));
    expect((await publishedBy(there))[0]).toBe(active);

    await publishedLongAgo(here.database);
    const { browser } = await signUp(there);
    expect((await keys(here.database, ['rotate', 'access-token'])).status).toBe(0);
    expect((await browser.get('/auth/me')).status).toBe(200);
    expect((await keys(here.database, ['revoke', kidOf(browser)])).status).toBe(0);
    await until(1_000, async () => (await browser.get('/auth/me')).status === 401);
    expect(await keys(here.database, ['revoke', kidOf(browser)])).toMatchObject({
      status: 0,
      output: expect.stringContaining('was revoked before'),
    });
    const rows = await keyRows(here.database, 'access-token');
    expect(rows.filter(({ state }) => state === 'active' || state === 'next')).toHaveLength(2);
  });

  it.each(['sealed-encryption', 'sealed-signature'] as const)('of %s is gone likewise', async (purpose) => {
    const { kid } = there.app.get(KeyRing).active(purpose);
    expect((await keys(here.database, ['revoke', kid])).status).toBe(0);
    for (const server of [here, there])
      await until(1_000, async () => !(await publishedBy(server, '/api/crypto/server-keys')).includes(kid));
    expect(there.app.get(KeyRing).find(purpose, kid)).toBeUndefined();
    expect(there.app.get(KeyRing).active(purpose).kid).not.toBe(kid);
  });

  it('revoked twice at once leaves one active and one waiting key', async () => {
    const { kid } = serverKey(here);
    const ran = await Promise.all([1, 2].map(() => keys(here.database, ['revoke', kid])));
    expect(ran.map(({ status }) => status)).toEqual([0, 0]);
    const rows = await keyRows(here.database, 'access-token');
    expect(rows.filter(({ state }) => state === 'active')).toHaveLength(1);
    expect(rows.filter(({ state }) => state === 'next')).toHaveLength(1);
  });

  it('is refused by a replica that hears nothing, for as long as that lasts', async () => {
    const { browser } = await signUp(here);
    const token = cookieOf(browser, 'jwt');
    expect(await statuses(token)).toEqual([200, 200, 200, 200]);
    proxy.deafen();
    await until(2_000, async () => !there.app.get(NotificationBus).isFresh());
    expect(await statuses(token)).toEqual([200, 200, 200, 200]);
    await keys(here.database, ['revoke', kidOf(browser)]);
    await until(1_000, async () => (await statuses(token)).every((status) => status === 401));
    for (const server of [here, there]) expect(await publishedBy(server)).not.toContain(kidOf(browser));
    // The honest one goes on meanwhile.
    expect((await browser.post('/auth/refresh', {})).status).toBe(200);
    expect(await statuses(cookieOf(browser, 'jwt'))).toEqual([200, 200, 200, 200]);
    proxy.restore();
    await until(10_000, async () => there.app.get(NotificationBus).isFresh());
    expect(await statuses(token)).toEqual([401, 401, 401, 401]);
  });
});

describe('what cannot be revoked or rotated', () => {
  it('is the key of the key log, and a key that is not there', async () => {
    const [row] = await keyRows(here.database, 'key-log');
    const log = await keys(here.database, ['revoke', row?.kid ?? '']);
    expect(log).toMatchObject({ status: 1, output: expect.stringContaining('cannot be revoked') });
    expect(await keys(here.database, ['rotate', 'key-log'])).toMatchObject({ status: 64 });
    expect(await keys(here.database, ['revoke', 'nonsense'])).toMatchObject({
      status: 1,
      output: expect.stringContaining('There is no key nonsense'),
    });
    expect(await keyRows(here.database, 'key-log')).toEqual([row]);
  });
});

describe('a kid that is chosen by an attacker', () => {
  it('finds nothing but a key of ours for access tokens, whatever it says', async () => {
    const { browser } = await signUp(here);
    const token = cookieOf(browser, 'jwt');
    const own = serverKey(here);
    expect(await statuses(await forge(token, {}, own.privateKey))).toEqual([200, 200, 200, 200]);
    const others = (['sealed-signature', 'sealed-encryption', 'key-log'] as const).map(
      (purpose) => serverKey(here, purpose).kid,
    );
    const [revoked] = (await keyRows(here.database, 'access-token')).filter(
      ({ state }) => state === 'revoked',
    );
    const kids: unknown[] = [
      ...others,
      revoked?.kid,
      `${own.kid} `,
      `${own.kid}\u0000`,
      own.kid.toLowerCase(),
      own.kid.slice(1),
      `' OR state = 'active' --`,
      '../../../../dev/null',
      'file:///etc/passwd',
      'http://127.0.0.1/jwks.json',
      '__proto__',
      'constructor',
      '',
      'x'.repeat(5_000),
    ];
    for (const kid of kids)
      expect(await statuses(await forge(token, { header: { kid } }, own.privateKey)), String(kid)).toEqual([
        401, 401, 401, 401,
      ]);
    // A signature by a key of ours for something else, under that key's own name.
    const sealing = serverKey(here, 'sealed-signature');
    const mixed = await forge(token, { header: { kid: sealing.kid } }, sealing.privateKey);
    expect(await statuses(mixed)).toEqual([401, 401, 401, 401]);
  });
});
