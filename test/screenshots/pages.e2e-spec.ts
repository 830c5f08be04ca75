import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  join,
  type Member,
  message,
  oathtool,
  openVerification,
  register,
  renameTo,
  shownSecret,
  signIn,
  write,
  writeDownCode,
} from '../browser/support/acts.js';
import { resetKeys } from '../browser/support/intruder.js';
import { chromiumPath, settled } from '../browser/support/chromium.js';
import { type Site, startSite } from '../browser/support/site.js';
import { photograph } from './support/camera.js';
import { converse, meet, type Person } from './support/scene.js';

const OPEN_PAGES: readonly (readonly [name: string, path: string])[] = [
  ['sign-in', '/sign-in'],
  ['sign-in-refused', '/sign-in?error=access_denied'],
  ['forgot-password', '/forgot-password'],
  ['reset-password', '/reset-password#token=x'],
  ['verify-email', '/verify-email#token=x'],
  ['about', '/about'],
  ['not-found', '/nowhere'],
];

const CHAT_WITH_MARY = [
  ['ada', 'Have you read the translation?'],
  ['mary', 'Twice. The notes are longer than the paper, and better.'],
] as const;

const CHAT_WITH_ALAN = [
  ['alan', 'Can a machine think?'],
  ['ada', 'It can do whatever we know how to order it to perform.'],
] as const;

const CHAT_WITH_GRACE = [
  ['grace', 'Ada! Is it really you?'],
  ['ada', 'Read me your sixty digits and find out.'],
  ['grace', 'They are the same as mine. So nobody sits between us.'],
  ['grace', 'I found a moth in the relay today. I have taped it into the log book.'],
  ['ada', 'Then the first bug is documented. Send me the page, and keep the moth.'],
  ['grace', 'Meet me at the bridge at six? I shall bring the plans.'],
  ['ada', 'At six. I bring the cards.'],
] as const;

const SETTINGS = ['profile', 'security', 'devices', 'log', 'keys', 'history', 'data'];

describe.skipIf(chromiumPath === null)('pictures of every page', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  it('before the sign-in', async () => {
    const { page } = await site.device();
    for (const [name, path] of OPEN_PAGES) {
      await page.goto(path);
      await settled(page);
      await photograph(page, name);
    }
    await page.goto('/register');
    await page.getByLabel('Username').fill('ada');
    await page.getByLabel('E-mail address').fill('ada@example.org');
    await page.getByLabel('Password', { exact: true }).fill('lantern gravel otter mosaic');
    await page.locator('.strength .level-4').waitFor();
    await photograph(page, 'register');
  });

  it('the second step', async () => {
    const { page } = await site.device();
    const member = await register(page, 'joan');
    const secret = await shownSecret(page);
    await photograph(page, 'first-login');
    await page.getByLabel('Then type').fill(oathtool(secret));
    await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
    await photograph(page, 'recovery-codes');
    const other = await site.device();
    await signIn(other.page, member);
    await other.page.waitForURL('**/2fa');
    await photograph(other.page, 'second-step');
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await other.page.getByLabel('Code').fill(`00000${attempt}`);
      await other.page.getByRole('alert').or(other.page.getByRole('timer')).first().waitFor();
      await expect.poll(() => other.page.getByLabel('Code').inputValue()).toBe('');
    }
    await photograph(other.page, 'second-step-locked');
  });

  it('behind the sign-in', async () => {
    const { page } = await site.device();
    const member = await register(page, 'ada', 'ada');
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('heading', { name: 'Write down your recovery code' }).waitFor();
    await photograph(page, 'recovery-code');
    const ada = {
      page,
      displayName: 'Ada Lovelace',
      member: { ...member, recoveryCode: await writeDownCode(page) },
    };
    await photograph(page, 'home-empty');
    await renameTo(page, ada.displayName);
    await page.goto('/home');
    const [grace, alan, mary] = [
      await newPerson('grace', 'Grace Hopper'),
      await newPerson('alan', 'Alan Turing'),
      await newPerson('mary', 'Mary Somerville'),
    ];

    await meet(ada, mary);
    await converse({ ada, mary }, CHAT_WITH_MARY);
    await page.goto('/home');
    await meet(ada, alan);
    await converse({ ada, alan }, CHAT_WITH_ALAN);
    await page.goto('/home');
    await meet(ada, grace);
    await compare(page);
    await converse({ ada, grace }, CHAT_WITH_GRACE);
    await write(mary.page, 'The proofs of chapter three are on your desk.');
    await page.getByText('The proofs of chapter three').waitFor();
    await photograph(page, 'chat');
    await openVerification(page);
    await photograph(page, 'contact');

    await page.goto('/home');
    await settled(page);
    await photograph(page, 'home');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.locator('.person').nth(2).waitFor();
    await photograph(page, 'new-chat');
    await makeGroup(page, 'Analytical engine', [grace.member, mary.member]);
    await write(page, 'Shall we print the notes on Tuesday?');
    await grace.page.goto('/home');
    await grace.page.getByRole('link', { name: /Analytical engine/ }).click();
    await write(grace.page, 'Tuesday it is. I bring the cards.');
    await mary.page.goto('/home');
    await mary.page.getByRole('link', { name: /Analytical engine/ }).click();
    await write(mary.page, 'And I the ink.');
    await message(page, 'And I the ink.').waitFor();
    await photograph(page, 'group');
    await page.getByRole('button', { name: 'Members' }).click();
    await page.getByRole('dialog').waitFor();
    await photograph(page, 'members');

    for (const name of SETTINGS) {
      await page.goto(`/settings/${name}`);
      await settled(page);
      await photograph(page, `settings-${name}`);
    }
    const other = await site.device();
    await signIn(other.page, ada.member);
    await other.page.getByRole('heading', { name: 'Open your messages on this device' }).waitFor();
    await photograph(other.page, 'restore');

    await resetKeys(site.url, ada.member);
    await page.goto('/home');
    const alarm = page.getByRole('alert').filter({ hasText: 'that this device did not make' });
    await alarm.waitFor();
    await photograph(page, 'alarm');
    await page.goto('/settings/history');
    await alarm.waitFor();
    await settled(page);
    await photograph(page, 'settings-history-alarm');
  });

  async function newPerson(username: string, displayName: string): Promise<Person> {
    const { page } = await site.device();
    const member = await join(page, username, username);
    await renameTo(page, displayName);
    await page.goto('/home');
    return { page, displayName, member };
  }
});

/** Both say that the numbers are the same; here one does. */
async function compare(page: Page): Promise<void> {
  await openVerification(page);
  await page.getByRole('button', { name: 'They are the same' }).click();
  await page.getByText('You have compared this number').waitFor();
  await page.getByRole('link', { name: 'Back to the chat' }).click();
}

async function makeGroup(page: Page, title: string, members: readonly Member[]): Promise<void> {
  await page.getByRole('button', { name: 'Make a group' }).click();
  await page.getByLabel('Name of the group').fill(title);
  for (const { username } of members) {
    await page.getByLabel('Search people').fill(username);
    await page.getByRole('button', { name: new RegExp(username) }).click();
  }
  await page.getByRole('button', { name: /Make the group/ }).click();
  await page.getByRole('heading', { name: title }).waitFor();
}
