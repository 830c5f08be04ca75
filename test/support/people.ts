import { randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import { expect } from 'vitest';
import type { Answer, Browser } from './browser.js';
import type { TestApp } from './test-app.js';

export const PASSWORD = 'lantern gravel otter mosaic';

/** Somebody with an account and a browser. */
export interface Person {
  browser: Browser;
  user: { id: string; username: string; email: string };
  password: string;
}

/** A name that nobody has yet. */
export function newUsername(prefix = 'user'): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

/** Registers; the second step is still open. */
export async function register(
  server: Pick<TestApp, 'browser'>,
  overrides: { username?: string; email?: string; password?: string; headers?: Record<string, string> } = {},
): Promise<Person> {
  const browser = server.browser(overrides.headers);
  const username = overrides.username ?? newUsername();
  const email = overrides.email ?? `${username}@example.org`;
  const password = overrides.password ?? PASSWORD;
  const answer = await browser.post('/auth/register', { username, email, password });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return { browser, user: { id: answer.body.user.id, username, email }, password };
}

/** Registers and skips the second step: a settled session. */
export async function signUp(
  server: Pick<TestApp, 'browser'>,
  overrides: Parameters<typeof register>[1] = {},
): Promise<Person> {
  const person = await register(server, overrides);
  expect((await person.browser.post('/auth/2fa/skip', {})).status).toBe(200);
  return person;
}

/** The code that an authenticator with this secret shows at the server's time, plus `steps` of 30 s. */
export function codeFor(server: Pick<TestApp, 'clock'>, secret: string, steps = 0): string {
  return generateSync({ strategy: 'totp', secret, epoch: server.clock.epochSeconds() + steps * 30 });
}

/** Registers and turns 2FA on; the session is settled. */
export async function signUpWith2fa(
  server: Pick<TestApp, 'browser' | 'clock'>,
  overrides: Parameters<typeof register>[1] = {},
): Promise<Person & { secret: string; recoveryCodes: string[] }> {
  const person = await register(server, overrides);
  const { secret } = (await person.browser.post('/auth/2fa/generate', {})).body;
  const enabled = await person.browser.post('/auth/2fa/enable', { code: codeFor(server, secret) });
  expect(enabled.status).toBe(200);
  // The next code is of a later step: this one is spent.
  server.clock.advance(30);
  return { ...person, secret, recoveryCodes: enabled.body.recoveryCodes };
}

/** Signs in on a new device as far as the password goes. */
export async function login(
  server: Pick<TestApp, 'browser'>,
  { user, password }: Pick<Person, 'user' | 'password'>,
  headers?: Record<string, string>,
): Promise<{ browser: Browser; answer: Answer }> {
  const browser = server.browser(headers);
  return { browser, answer: await browser.post('/auth/login', { email: user.email, password }) };
}
