import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mailTo } from '../mail/mailbox.js';
import { login, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let replica: TestApp;
beforeAll(async () => {
  server = await startTestApp();
  replica = await startTestApp({}, server.database);
});
afterAll(async () => {
  await replica.close();
  await server.close();
});

async function metrics(of: TestApp = server): Promise<string> {
  const { status, body } = await of.browser().get('/metrics');
  expect(status).toBe(200);
  return body as string;
}

/** The value of one series, 0 where there is none yet. */
async function valueOf(series: string, of?: TestApp): Promise<number> {
  const line = (await metrics(of)).split('\n').find((text) => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** By how much a series grows. */
async function growth(series: string, act: () => Promise<unknown>): Promise<number> {
  const before = await valueOf(series);
  await act();
  return (await valueOf(series)) - before;
}

describe('the metrics', () => {
  it('count sign-ins by method and outcome', async () => {
    const person = await signUp(server);
    const series = (outcome: string): string =>
      `sealgate_sign_ins_total{method="password",outcome="${outcome}"}`;
    expect(await growth(series('succeeded'), () => login(server, person))).toBe(1);
    const wrong = (): Promise<unknown> => login(server, { ...person, password: 'a wrong one' });
    expect(await growth(series('invalid_credentials'), wrong)).toBe(1);
    await server.database.query('UPDATE users SET suspended_at = now() WHERE id = $1', [person.user.id]);
    expect(await growth(series('account_suspended'), () => login(server, person))).toBe(1);
    const callback = (): Promise<unknown> => server.browser().get('/auth/42/callback?error=access_denied');
    expect(await growth('sealgate_sign_ins_total{method="42",outcome="access_denied"}', callback)).toBe(1);
  });

  it('count refreshes by outcome', async () => {
    const { browser } = await signUp(server);
    const twin = browser.clone();
    const series = (outcome: string): string => `sealgate_refreshes_total{outcome="${outcome}"}`;
    expect(await growth(series('rotated'), () => browser.post('/auth/refresh', {}))).toBe(1);
    expect(await growth(series('repeated'), () => twin.clone().post('/auth/refresh', {}))).toBe(1);
    server.clock.advance(31);
    expect(await growth(series('reused'), () => twin.clone().post('/auth/refresh', {}))).toBe(1);
    expect(await growth(series('refused'), () => browser.post('/auth/refresh', {}))).toBe(1);
  });

  it('count second steps that were locked', async () => {
    const person = await signUpWith2fa(server);
    const { browser } = await login(server, person);
    const guess = async (): Promise<void> => {
      for (let i = 0; i < 5; i++) await browser.post('/auth/2fa/verify', { code: '000000' });
    };
    expect(await growth('sealgate_security_events_total{type="second_factor_locked"}', guess)).toBe(1);
  });

  it('tell how long revocations take to arrive, on every replica, and that they could', async () => {
    const { browser } = await signUp(server);
    const before = await valueOf('sealgate_revocation_lag_seconds_count', replica);
    await browser.post('/auth/logout', {});
    await vi.waitFor(async () =>
      expect(await valueOf('sealgate_revocation_lag_seconds_count', replica)).toBe(before + 1),
    );
    expect(await valueOf('sealgate_revocation_lag_seconds_count')).toBeGreaterThan(0);
    expect(await valueOf('sealgate_bus_age_seconds')).toBeLessThan(5);
  });

  it('show what waits: hashes, mails, requests for the database', async () => {
    const text = await metrics();
    for (const state of ['running', 'waiting'])
      expect(text).toContain(`sealgate_password_hashes{state="${state}"} 0`);
    for (const state of ['total', 'idle', 'waiting'])
      expect(text).toMatch(new RegExp(`^sealgate_database_connections\\{state="${state}"\\} \\d+$`, 'm'));
    const { user } = await signUp(server);
    await mailTo(server, user.email);
    expect(await valueOf('sealgate_mails_waiting')).toBe(0);
    await server.database.query(
      `INSERT INTO mail_outbox (id, kind, recipient, payload, attempts, next_attempt_at, expires_at, created_at)
       VALUES (gen_random_uuid(), 'x', 'x', '', 0, now() + interval '1 day', now() + interval '2 days', now())`,
    );
    expect(await valueOf('sealgate_mails_waiting')).toBe(1);
    expect(await valueOf('sealgate_mails_overdue_seconds')).toBe(0);
    await server.database.query(`DELETE FROM mail_outbox`);
  });
});
