import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeFor, login, register, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';
import { pathOf, PENDING_ROUTES, PUBLIC_ROUTES, SELF_GUARDED_ROUTES } from './open-routes.js';
import { cookieOf, forge, present, serverKey } from './tokens.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ SERVER_SIDE_CRYPTO: 'true' });
});
afterAll(() => server.close());

describe('getting round the second step', () => {
  it('answers 401 second_factor_required on every route that is not marked, whatever the account', async () => {
    const open = new Set([...PUBLIC_ROUTES, ...PENDING_ROUTES, ...SELF_GUARDED_ROUTES]);
    const closed = server.routes.filter(({ method, url }) => !open.has(`${method} ${url}`));
    expect(closed.length).toBeGreaterThan(15);
    const withCode = await signUpWith2fa(server);
    for (const { browser } of [await register(server), await login(server, withCode)])
      for (const { method, url } of closed) {
        const answer = await browser.send(method, pathOf(url), method === 'GET' ? {} : { body: {} });
        expect(answer, `${method} ${url}`).toMatchObject({
          status: 401,
          body: { code: 'second_factor_required' },
        });
      }
  });

  it('settles no session of a 2FA account by enabling, skipping or generating anew', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    expect((await browser.post('/auth/2fa/generate', {})).body.code).toBe('two_factor_enabled');
    const enabled = await browser.post('/auth/2fa/enable', { code: codeFor(server, person.secret) });
    expect(enabled).toMatchObject({ status: 409, body: { code: 'two_factor_enabled' } });
    const skipped = await browser.post('/auth/2fa/skip', {});
    expect(skipped).toMatchObject({ status: 403, body: { code: 'two_factor_required' } });
    for (const answer of [enabled, skipped]) {
      expect(answer.setCookies).toEqual([]);
      expect(answer.body).not.toHaveProperty('accessToken');
    }
    expect((await browser.get('/auth/me')).body.session.tfa).toBe(false);
    expect((await browser.get('/api/users/me')).body.code).toBe('second_factor_required');
  });

  it('gives a pending session no refresh token, in no way', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    expect(browser.cookies.has('refresh')).toBe(false);
    const refreshed = await browser.post('/auth/refresh', {});
    expect(refreshed).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
    const asToken = await browser.post('/auth/refresh', { refreshToken: cookieOf(browser, 'jwt') });
    expect(asToken).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
  });

  it('does not outlive its 15 minutes', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    const code = codeFor(server, person.secret, 30);
    server.clock.advance(15 * 60);
    expect(await browser.post('/auth/2fa/verify', { code })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });

  it('believes no tfa flag that the server did not sign', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    const pending = cookieOf(browser, 'jwt');
    const [header = '', , signature = ''] = pending.split('.');
    const honest = JSON.parse(Buffer.from(pending.split('.')[1] ?? '', 'base64url').toString());
    const body = Buffer.from(JSON.stringify({ ...honest, tfa: true })).toString('base64url');
    for (const answer of await present(server, `${header}.${body}.${signature}`, '/api/users/me'))
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    // The same claim with the server's key, to see that it is the signature that was missed.
    const genuine = await forge(pending, { payload: { tfa: true } }, serverKey(server).privateKey);
    for (const answer of await present(server, genuine, '/api/users/me')) expect(answer.status).toBe(200);
    for (const tfa of ['true', 1, null, undefined, {}]) {
      const odd = await forge(pending, { payload: { tfa } }, serverKey(server).privateKey);
      for (const answer of await present(server, odd, '/api/users/me')) expect(answer.status).toBe(401);
    }
  });

  it('lets one of skipping and enabling at once settle the session, and none fail', async () => {
    for (let round = 0; round < 5; round++) {
      const { browser } = await register(server);
      const { secret } = (await browser.post('/auth/2fa/generate', {})).body;
      const answers = await Promise.all([
        browser.clone().post('/auth/2fa/enable', { code: codeFor(server, secret) }),
        browser.clone().post('/auth/2fa/skip', {}),
        browser.clone().post('/auth/2fa/skip', {}),
      ]);
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      expect(statuses[0]).toBe(200);
      expect(
        statuses.slice(1).every((status) => status === 401 || status === 403),
        String(statuses),
      ).toBe(true);
    }
  });

  it.each(['suspend', 'delete'])(
    'settles nothing once an admin has begun to %s the account, and neither waits for the other for ever',
    async (end) => {
      const root = await signUp(server);
      await server.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [root.user.id]);
      const person = await signUpWith2fa(server);
      const { browser } = await login(server, person);
      const path = `/api/users/${person.user.id}`;

      // Holds the account, so that the admin surely comes first and the code surely second.
      const holder = new pg.Client({ connectionString: server.database.url });
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [person.user.id]);
      const ended =
        end === 'suspend' ? root.browser.put(path, { suspended: true }) : root.browser.delete(path);
      await until(5_000, async () => (await waitingForLocks()) === 1);
      const verified = browser.clone().post('/auth/2fa/verify', { code: codeFor(server, person.secret) });
      await until(5_000, async () => (await waitingForLocks()) === 2);
      await holder.query('COMMIT');
      await holder.end();

      expect((await ended).status).toBe(end === 'suspend' ? 200 : 204);
      const answer = await verified;
      expect([401, 409]).toContain(answer.status);
      expect(answer.setCookies).toEqual([]);
      expect((await browser.get('/auth/me')).status).toBe(401);
    },
  );

  it('ends what was verified just before the account was suspended', async () => {
    const root = await signUp(server);
    await server.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [root.user.id]);
    const person = await signUpWith2fa(server);
    await root.browser.put(`/api/users/${person.user.id}`, { suspended: true });
    expect((await person.browser.get('/auth/me')).status).toBe(401);
    expect((await person.browser.post('/auth/refresh', {})).status).toBe(401);
    expect((await login(server, person)).answer.body.code).toBe('account_suspended');
  });
});

async function waitingForLocks(): Promise<number> {
  const waiting = await server.database.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting.length;
}
