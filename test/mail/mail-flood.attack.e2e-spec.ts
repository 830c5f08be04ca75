import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { login, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { mailTo } from './mailbox.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

async function subjects({ user }: Pick<Person, 'user'>): Promise<string[]> {
  return (await mailTo(server, user.email)).map(({ subject }) => subject);
}

async function anHourLater(): Promise<void> {
  // The windows run on the machine's clock.
  await server.database.query(`DELETE FROM rate_limits WHERE key LIKE 'mail-%'`);
  server.clock.advance(3_601);
}

async function changePasswords(person: Person, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const newPassword = `marble lantern otter ${i} quiver`;
    const body = { currentPassword: person.password, newPassword };
    expect((await person.browser.post('/auth/password', body)).status).toBe(204);
    person.password = newPassword;
  }
}

describe('whoever knows a password and signs in with a new browser each time', () => {
  it('cannot keep the owner from hearing of what comes next, nor from a link to come back in', async () => {
    const owner = await signUp(server);
    for (let i = 0; i < 29; i++)
      await login(server, owner, {
        'user-agent': `Mozilla/5.0 (X11; Linux) Chrome/${100 + i}.0 Vendor${i}/1`,
      });
    const secret = await owner.browser.post('/auth/2fa/generate', {});
    expect(secret.status).toBe(200);
    await changePasswords(owner, 1);
    expect((await server.browser().post('/auth/password/forgot', { email: owner.user.email })).status).toBe(
      202,
    );
    const seen = await subjects(owner);
    expect(seen.filter((subject) => subject === 'New sign-in to your account').length).toBeLessThanOrEqual(3);
    expect(seen).toContain('Your password was changed');
    expect(seen).toContain('Set a new password');
  });

  it('is told of as often as it happened, in one mail more', async () => {
    const owner = await signUp(server);
    const agents = ['Chrome', 'Firefox', 'Edg', 'OPR', 'Safari'].flatMap((name) =>
      ['Windows NT 10.0', 'X11; Linux', 'Android 14', 'iPhone'].map(
        (os) => `Mozilla/5.0 (${os}) ${name}/1.0`,
      ),
    );
    for (const agent of agents) await login(server, owner, { 'user-agent': agent });
    const isSignIn = ({ subject }: { subject: string }): boolean => subject === 'New sign-in to your account';
    const first = (await mailTo(server, owner.user.email)).filter(isSignIn);
    expect(first).toHaveLength(3);
    expect(await server.database.query('SELECT kind FROM mail_outbox')).toContainEqual({
      kind: 'new_sign_in',
    });
    await anHourLater();
    const all = (await mailTo(server, owner.user.email)).filter(isSignIn);
    expect(all).toHaveLength(4);
    expect(all.at(-1)?.text).toMatch(/This happened \d+ times\. The last time:/);
  });
});

describe('a flood of notices', () => {
  it('is written twenty of an hour, and then in one: nothing is left out', async () => {
    const owner = await signUp(server);
    await changePasswords(owner, 26);
    const changed = async (): Promise<number> =>
      (await subjects(owner)).filter((subject) => subject === 'Your password was changed').length;
    expect(await changed()).toBe(20);
    // Another kind waits beside them, and is not counted out either.
    await owner.browser.put('/api/crypto/backup', { version: 0, backup: {} });
    await owner.browser.delete('/api/crypto/backup');
    expect(await changed()).toBe(20);
    const waiting = await server.database.query<{ kind: string }>(
      'SELECT kind FROM mail_outbox WHERE recipient = $1 ORDER BY kind',
      [owner.user.email],
    );
    expect(waiting).toEqual([{ kind: 'backup_deleted' }, { kind: 'password_changed' }]);
    await anHourLater();
    expect(await changed()).toBe(21);
    const mails = await mailTo(server, owner.user.email);
    const last = mails.findLast(({ subject }) => subject === 'Your password was changed');
    expect(last?.text).toContain('This happened 6 times. The last time:');
    expect(await subjects(owner)).toContain('The backup of your message keys was deleted');
  }, 60_000);
});

describe('links to one address that nobody there asked for', () => {
  it('end after ten of a kind in an hour, and leave the other kinds alone', async () => {
    const victim = await signUp(server);
    expect(await subjects(victim)).toEqual(['Confirm your e-mail address']);
    await server.database.query(`UPDATE rate_limits SET points = 10 WHERE key LIKE 'mail-link:%'`);
    expect((await victim.browser.post('/auth/email/verify/resend')).status).toBe(202);
    await server.browser().post('/auth/password/forgot', { email: victim.user.email });
    expect(await subjects(victim)).toEqual(['Confirm your e-mail address', 'Set a new password']);
  });
});
