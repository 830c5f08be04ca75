import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { newUsername, PASSWORD } from '../../support/people.js';

/** Somebody as the app's pages know them. */
export interface Member {
  readonly username: string;
  readonly email: string;
  /** Of the backup of the keys; empty where it was not written down. */
  readonly recoveryCode: string;
}

/** Fills the registration in, up to the first login. */
export async function register(page: Page, prefix: string, username = newUsername(prefix)): Promise<Member> {
  const email = `${username}@example.org`;
  await page.goto('/register');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Protect your account' }).waitFor();
  return { username, email, recoveryCode: '' };
}

/** Registers without a second step, makes keys and keeps their recovery code. */
export async function join(page: Page, prefix: string, username = newUsername(prefix)): Promise<Member> {
  const member = await register(page, prefix, username);
  await page.getByRole('button', { name: 'Not now' }).click();
  return { ...member, recoveryCode: await writeDownCode(page) };
}

/** Types one of the ten recovery codes as the proof that they were kept. @returns all of them */
export async function keepRecoveryCodes(page: Page): Promise<string[]> {
  await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
  const codes = await page.locator('.codes code').allInnerTexts();
  const position = /number (\d+)/.exec(await page.locator('form label').innerText())?.[1];
  await page.getByLabel(/type code number/).fill(codes[Number(position) - 1] ?? '');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  return codes;
}

/** Keys are made by themselves; then the code is typed off. */
export async function writeDownCode(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Write down your recovery code' }).waitFor();
  const code = await page.locator('.recovery-code').innerText();
  await page.getByLabel('Now type it off').fill(code.toLowerCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: 'It is written down' }).click();
  await page.getByRole('heading', { name: 'No chats yet' }).waitFor();
  return code;
}

export async function signIn(
  page: Page,
  { email }: Pick<Member, 'email'>,
  password = PASSWORD,
): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Finds somebody in the directory and opens the chat of the two. */
export async function openChatWith(page: Page, username: string): Promise<void> {
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await page.getByLabel('Search people').fill(username);
  await page.getByRole('button', { name: new RegExp(username) }).click();
  await page.getByLabel('Write a message').waitFor();
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Write a message').fill(text);
  await page.keyboard.press('Enter');
}

/** The page on which the numbers of the open chat's two are compared. */
export async function openVerification(page: Page): Promise<void> {
  await page.locator('.conversation-head .verify').click();
  await page.locator('.safety-number').waitFor();
}

/** Says how others see somebody. */
export async function renameTo(page: Page, displayName: string): Promise<void> {
  await page.goto('/settings/profile');
  await page.getByLabel('Name that others see').fill(displayName);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
}

/** A message in the open conversation. */
export function message(page: Page, text: string) {
  return page.locator('.message .text').filter({ hasText: text });
}

/** The authenticator's secret, typed off the page once it is there. */
export async function shownSecret(page: Page): Promise<string> {
  await page.getByAltText(/QR code/).waitFor();
  return (await page.locator('.secret code').innerText()).replaceAll(' ', '');
}

/** The code of an independent program; `stepsAhead` where the one of now is spent. */
export function oathtool(secret: string, stepsAhead = 0): string {
  const now = `@${Math.floor(Date.now() / 1000) + 30 * stepsAhead}`;
  return execFileSync('oathtool', ['--totp', '-b', '--now', now, secret], { encoding: 'utf8' }).trim();
}
