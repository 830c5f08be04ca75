import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newUsername, PASSWORD, register } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { startFakeSmtp, type FakeSmtp } from './fake-smtp.js';
import { drain, mailFolder, mailTo, parseMail, tokenIn } from './mailbox.js';

let smtp: FakeSmtp;
let server: TestApp;
beforeAll(async () => {
  smtp = await startFakeSmtp();
  server = await startTestApp({ SMTP_URL: smtp.url, MAIL_FROM: 'Gate <gate@example.org>' });
});
afterAll(async () => {
  await server.close();
  await smtp.close();
});
beforeEach(async () => {
  smtp.mood = 'kind';
  await drain(server);
  smtp.deliveries.length = 0;
});

async function waiting(): Promise<number> {
  const [row] = await server.database.query<{ n: number }>('SELECT count(*)::int AS n FROM mail_outbox');
  return row?.n ?? 0;
}

describe('mail by SMTP', () => {
  it('brings a new account a link to verify its address, as text and as HTML', async () => {
    const { user } = await register(server);
    await drain(server);
    expect(smtp.deliveries).toHaveLength(1);
    const [delivery] = smtp.deliveries;
    expect(delivery).toMatchObject({ from: 'gate@example.org', to: [user.email] });
    const mail = parseMail(delivery?.data ?? '');
    expect(mail.headers.get('to')).toBe(user.email);
    expect(mail.headers.get('from')).toBe('Gate <gate@example.org>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.text).toMatch(/^http:\/\/localhost:3000\/verify-email#token=[\w-]{43}$/m);
    expect(mail.html).toContain(`#token=${tokenIn(mail)}"`);
    expect(smtp.violations).toEqual([]);
  });

  it('goes out by itself, woken by the commit', async () => {
    const { user } = await register(server);
    await vi.waitFor(() => expect(smtp.deliveries.map(({ to }) => to)).toEqual([[user.email]]), 5_000);
  });

  it('names nothing that whoever registers could have chosen', async () => {
    const username = newUsername('buy.evil.example');
    await register(server, { username, email: 'victim@example.net' });
    await drain(server);
    expect(smtp.deliveries[0]?.to).toEqual(['victim@example.net']);
    expect(smtp.deliveries[0]?.data).not.toContain('evil');
  });
});

describe('mail that cannot be sent', () => {
  it('is tried again after one, two and four minutes, and arrives once', async () => {
    smtp.mood = 'greylisting';
    const { user } = await register(server);
    await drain(server);
    for (const minutes of [1, 2]) {
      const before = smtp.connections;
      server.clock.advance(minutes * 60 - 2);
      await drain(server);
      expect(smtp.connections).toBe(before);
      server.clock.advance(3);
      await drain(server);
      expect(smtp.connections).toBe(before + 1);
    }
    smtp.mood = 'kind';
    server.clock.advance(4 * 60 + 1);
    await drain(server);
    await drain(server);
    expect(smtp.deliveries.map(({ to }) => to)).toEqual([[user.email]]);
    expect(await waiting()).toBe(0);
  });

  it('is given up where the mailbox does not exist', async () => {
    smtp.mood = 'no-such-mailbox';
    await register(server);
    await drain(server);
    expect(await waiting()).toBe(0);
  });

  it('is given up when its link has expired', async () => {
    smtp.mood = 'dropping';
    await register(server);
    await drain(server);
    expect(await waiting()).toBe(1);
    server.clock.advance(25 * 3600);
    smtp.mood = 'kind';
    await drain(server);
    expect(smtp.deliveries).toEqual([]);
    expect(await waiting()).toBe(0);
  });

  it('neither fails nor slows the request, however the mail server hangs', async () => {
    smtp.mood = 'silent';
    const began = performance.now();
    const username = newUsername();
    const answer = await server
      .browser()
      .post('/auth/register', { username, email: `${username}@example.org`, password: PASSWORD });
    expect(answer.status).toBe(201);
    expect(performance.now() - began).toBeLessThan(3_000);
    // The worker hangs up by itself, and the mail stays.
    await drain(server);
    expect(await waiting()).toBe(1);
    await server.database.query('DELETE FROM mail_outbox');
  });

  it('waits sealed: the database holds no link', async () => {
    smtp.mood = 'dropping';
    await register(server);
    await drain(server);
    const [row] = await server.database.query<{ payload: Buffer }>('SELECT payload FROM mail_outbox');
    expect(row?.payload.toString('latin1')).not.toMatch(/token|verify/);
    await server.database.query('DELETE FROM mail_outbox');
  });

  it('is not sent for what was rolled back', async () => {
    const { user } = await register(server);
    await drain(server);
    smtp.deliveries.length = 0;
    const again = await server
      .browser()
      .post('/auth/register', { username: newUsername(), email: user.email, password: PASSWORD });
    expect(again.status).toBe(409);
    await drain(server);
    expect(smtp.deliveries).toEqual([]);
  });
});

describe('two replicas', () => {
  it('send each mail once', async () => {
    const other = await startTestApp({ SMTP_URL: smtp.url }, server.database);
    const people = await Promise.all(Array.from({ length: 12 }, () => register(server)));
    await Promise.all([drain(server), drain(other)]);
    await vi.waitFor(async () => expect(await waiting()).toBe(0), 5_000);
    const sent = smtp.deliveries.flatMap(({ to }) => to).sort();
    expect(sent).toEqual(people.map(({ user }) => user.email).sort());
    await other.close();
  });
});

describe('mail without SMTP_URL', () => {
  it('is written to DATA_DIR/mail, for the owner of the process only', async () => {
    const local = await startTestApp();
    const { user } = await register(local);
    const [mail] = await mailTo(local, user.email);
    expect(mail?.subject).toBe('Confirm your e-mail address');
    const folder = mailFolder(local);
    const [name = ''] = await readdir(folder);
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT[\d-]+Z-verify_email-[0-9a-f-]{36}\.eml$/);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await local.close();
  });
});
