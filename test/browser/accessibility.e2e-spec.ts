import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUsername, PASSWORD } from '../support/people.js';
import { join, message, openChatWith, openVerification, register, write } from './support/acts.js';
import { chromiumPath, settled } from './support/chromium.js';
import { type Site, startSite } from './support/site.js';

const OPEN_PAGES = [
  '/sign-in',
  '/register',
  '/forgot-password',
  '/reset-password#token=x',
  '/verify-email#token=x',
  '/about',
  '/nowhere',
];
const OWN_PAGES = [
  '/home',
  '/settings/profile',
  '/settings/security',
  '/settings/devices',
  '/settings/log',
  '/settings/keys',
  '/settings/history',
  '/settings/blocked',
  '/settings/data',
];

/** What axe finds wrong, each with where. */
async function violations(page: Page): Promise<string[]> {
  await settled(page);
  // Through the debugger, which the Content-Security-Policy does not bind.
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run().then((result) => result.violations)')) as {
    id: string;
    nodes: { html: string; failureSummary: string }[];
  }[];
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

async function overflow(page: Page): Promise<number> {
  return (await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )) as number;
}

describe.skipIf(chromiumPath === null).each(['light', 'dark'] as const)(
  'every page, %s, on a phone of 360 px',
  (colorScheme) => {
    let site: Site;
    beforeAll(async () => {
      site = await startSite();
    });
    afterAll(() => site.close());

    const look = { colorScheme, viewport: { width: 360, height: 740 } } as const;

    it('has nothing that axe objects to before the sign-in, and fits', async () => {
      const { page, complaints } = await site.device(look);
      for (const path of OPEN_PAGES) {
        await page.goto(path);
        expect(await violations(page), path).toEqual([]);
        expect(await overflow(page), path).toBe(0);
      }
      await register(page, 'eve');
      await page.getByAltText(/QR code/).waitFor();
      expect(await violations(page), 'first login').toEqual([]);
      expect(await overflow(page), 'first login').toBe(0);
      expect(complaints).toEqual([]);
    });

    it('has nothing that axe objects to behind it, and fits', async () => {
      const other = await site.device();
      const grace = await join(other.page, 'grace');
      const { page, complaints } = await site.device(look);
      await join(page, 'ada');
      for (const path of OWN_PAGES) {
        await page.goto(path);
        expect(await violations(page), path).toEqual([]);
        expect(await overflow(page), path).toBe(0);
      }
      await page.goto('/home');
      await openChatWith(page, grace.username);
      await write(page, 'averylongwordwithoutanyspaces'.repeat(8));
      await message(page, 'averylong').waitFor();
      await page.locator('.own .mark').waitFor();
      expect(await violations(page), 'a chat').toEqual([]);
      expect(await overflow(page), 'a chat').toBe(0);
      await openVerification(page);
      expect(await violations(page), 'a contact').toEqual([]);
      expect(await overflow(page), 'a contact').toBe(0);
      await page.goto('/home');
      await page.getByRole('button', { name: 'New chat' }).click();
      await page.locator('.person').first().waitFor();
      expect(await violations(page), 'a dialog').toEqual([]);
      expect(complaints).toEqual([]);
    });
  },
);

describe.skipIf(chromiumPath === null)('with the keyboard alone', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  it('one signs up, finds somebody, writes, and comes back out of a dialog', async () => {
    const other = await site.device();
    const grace = await join(other.page, 'grace');
    const { page } = await site.device();
    await page.goto('/register');
    await page.getByLabel('Username').waitFor();
    const username = newUsername('ada');
    await typeInto(page, 'Username', username);
    await typeInto(page, 'E-mail address', `${username}@example.org`);
    await typeInto(page, 'Password', PASSWORD);
    await press(page, 'Make the account');
    await page.getByRole('button', { name: 'Not now' }).waitFor();
    await press(page, 'Not now');
    await page.getByRole('heading', { name: 'Write down your recovery code' }).waitFor();
    const code = await page.locator('.recovery-code').innerText();
    await typeInto(page, 'Now type it off your note, to be sure', code);
    await press(page, 'It is written down');
    await page.getByRole('heading', { name: 'No chats yet' }).waitFor();

    await press(page, 'New chat');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(FOCUSED)).toBe('New chat');
    await page.keyboard.press('Enter');
    await typeInto(page, 'Search people', grace.username);
    await page.getByRole('button', { name: new RegExp(grace.username) }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByLabel('Write a message').waitFor();
    await typeInto(page, 'Write a message', 'Without a mouse.');
    await page.keyboard.press('Enter');
    await message(page, 'Without a mouse.').waitFor();
    await press(page, 'Checked by the key log');
    await page.locator('.safety-number').waitFor();
    await press(page, 'They are the same');
    await page.getByText('You have compared this number').waitFor();
  });
});

/** In the page: what the focused element is called. */
const FOCUSED = `(({ activeElement: element }) =>
  element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent.trim())(document)`;

/** Goes on with the Tab key until the focus is on what is called that, once round the page at most. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    if ((await page.evaluate(FOCUSED)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key does not come to “${name}”`);
}

async function typeInto(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}
