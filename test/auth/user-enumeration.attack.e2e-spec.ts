import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/browser.js';
import { signInWith42, startFortyTwo } from '../support/forty-two.js';
import { register, signUp, signUpWith2fa } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let close42: () => Promise<void>;
/** Accounts of every kind that an attacker might tell apart. */
const known: Record<string, string> = {};
beforeAll(async () => {
  const { fake, environment } = await startFortyTwo();
  close42 = () => fake.close();
  // So slow that a hash that is left out would show in the time.
  server = await startTestApp({ ...environment, BCRYPT_COST: '8' });
  known['settled'] = (await signUp(server)).user.email;
  known['pending'] = (await register(server)).user.email;
  known['with 2FA'] = (await signUpWith2fa(server)).user.email;
  const suspended = await signUp(server);
  await server.database.query('UPDATE users SET suspended_at = now() WHERE id = $1', [suspended.user.id]);
  known['suspended'] = suspended.user.email;
  fake.approveAs('no-password');
  const student = server.browser();
  await signInWith42(student);
  known['without a password'] = (await student.get('/auth/me')).body.user.email;
});
afterAll(async () => {
  await server.close();
  await close42();
});

const UNKNOWN = 'nobody-of-this-name@example.org';

function tryPassword(email: string): Promise<Answer> {
  return server.browser().post('/auth/login', { email, password: 'not the password at all' });
}

/** Everything that an attacker sees, without what is new in each answer. */
function seen({ status, headers, body, setCookies }: Answer) {
  const { instance, ...members } = body;
  const visible = [...headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
  return { status, body: members, headers: visible, setCookies, hasInstance: typeof instance === 'string' };
}

describe('asking who has an account', () => {
  it('gets the same status, headers and body for an unknown e-mail and every kind of known one', async () => {
    const expected = seen(await tryPassword(UNKNOWN));
    expect(expected).toMatchObject({ status: 401, body: { code: 'invalid_credentials' }, setCookies: [] });
    for (const [kind, email] of Object.entries(known)) {
      expect(email, kind).toContain('@');
      expect(seen(await tryPassword(email)), kind).toEqual(expected);
      expect(seen(await tryPassword(email.toUpperCase())), kind).toEqual(expected);
    }
  });

  it('tells a suspension after the right password only', async () => {
    const email = known['suspended'] ?? '';
    const right = await server
      .browser()
      .post('/auth/login', { email, password: 'lantern gravel otter mosaic' });
    expect(right).toMatchObject({ status: 403, body: { code: 'account_suspended' }, setCookies: [] });
  });

  it('takes the same time over 200 interleaved tries', async () => {
    const times: Record<string, number[]> = {};
    const emails = {
      unknown: UNKNOWN,
      settled: known['settled'] ?? '',
      other: known['without a password'] ?? '',
    };
    for (let i = 0; i < 67; i++)
      for (const [kind, email] of Object.entries(emails)) {
        const began = performance.now();
        const { status } = await tryPassword(email);
        expect(status, `${kind} ${i}`).toBe(401);
        (times[kind] ??= []).push(performance.now() - began);
      }
    const median = (kind: string) => times[kind]?.toSorted((a, b) => a - b)[33] ?? Number.NaN;
    // A hash at this cost is most of the time: without it the ratio would be far below.
    for (const kind of ['settled', 'other']) {
      expect(median('unknown') / median(kind), kind).toBeGreaterThan(0.7);
      expect(median('unknown') / median(kind), kind).toBeLessThan(1.4);
    }
  });

  it('learns nothing from the ids of others: unknown and foreign read the same', async () => {
    const { browser } = await signUp(server);
    const other = await signUp(server);
    const { id } = (await other.browser.get('/auth/me')).body.session;
    const foreign = await browser.delete(`/auth/sessions/${id}`);
    const unknown = await browser.delete('/auth/sessions/0190a3c0-0000-7000-8000-000000000000');
    expect(seen(foreign)).toEqual(seen(unknown));
  });
});
